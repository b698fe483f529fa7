import type { CompiledCron } from './compileCron.ts'
import type { WallTime } from './wallClock.ts'

const minute = 60_000

/**
 * The last match of `cron` in `(after, wall]`, or undefined when there is none.
 *
 * croner only looks ahead, so this looks back: it steps back from `wall`, ever further, until a match follows,
 * then halves the stretch that is left. That is some ten looks ahead for a daily cron, and never more than
 * 2 × log2 of the seconds in between, however many matches lie there.
 */
export function lastMatch(cron: CompiledCron, wall: WallTime, after: WallTime): WallTime | undefined {
  const matchAfter = (from: WallTime) => {
    const match = cron.next(from)
    return match !== undefined && match <= wall ? match : undefined
  }

  // No match lies in (empty, wall].
  let empty = wall
  let last: WallTime | undefined
  for (let reach = minute; last === undefined; reach *= 6) {
    const from = Math.max(wall - reach, after)
    last = matchAfter(from)
    if (last === undefined && from <= after) return undefined
    if (last === undefined) empty = from
  }

  for (let later = matchAfter(last); later !== undefined; later = matchAfter(last)) {
    const middle = (later + empty) / 2
    const beyond = matchAfter(middle)
    last = beyond ?? later
    if (beyond === undefined) empty = middle
  }
  return last
}
