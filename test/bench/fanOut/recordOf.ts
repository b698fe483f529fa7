import { v7 as uuid } from 'uuid'
import type { Note } from './Teller.ts'

/** The record that the platform would make of it. */
export function recordOf(note: Note) {
  const at = new Date().toISOString()
  return { id: uuid(), version: 1, createdAt: at, updatedAt: at, tags: [], rank: 0, pinned: false, ...note }
}
