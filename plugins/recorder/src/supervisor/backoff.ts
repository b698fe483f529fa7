const FIRST_MS = 1_000
const LONGEST_MS = 30_000
const JITTER = 0.2

/**
 * Milliseconds before the given retry (1 for the first): 1 s, 2 s, 4 s … 30 s, each ± 20 %, so that
 * fifty cameras behind one switch do not all come back in the same instant.
 */
export function backoff(retry: number, random: () => number = Math.random): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** (retry - 1))
  return Math.round(base * (1 + JITTER * (random() * 2 - 1)))
}
