import type { Note, Reading } from './Teller.ts'

/** An event of one hundred bytes. */
export const small: Reading = {
  id: '01a1f87f-4d96-749e-b7b4-08f113c46d57',
  by: 'someone@example.org',
  at: '2026-01-01T00:00:00.000Z'
}

/** An event of two thousand bytes, such as what was seen in a picture. */
export const large: Reading = {
  ...small,
  boxes: Array.from({ length: 25 }, (_, n) => ({
    label: 'person',
    score: 0.91,
    x: 100 + n,
    y: 220.5,
    width: 64,
    height: 128
  }))
}

export const note: Note = { title: 'Gate 4', body: 'The barrier does not close at night.' }

/** A record of two thousand bytes. */
export const longNote: Note = { title: 'Gate 4', body: 'It does not close at night. '.repeat(60) }
