import type { Context } from 'mocha'
import { createDatabaseOrSkip } from './postgres.ts'

/** The databases that a suite runs on; `open` gives the URL of a fresh one, or undefined for the embedded one. */
export const databases = [
  { name: 'the embedded database', open: async () => ({ url: undefined, drop: async () => {} }) },
  { name: 'Postgres', open: (test: Context) => createDatabaseOrSkip(test) }
] as const
