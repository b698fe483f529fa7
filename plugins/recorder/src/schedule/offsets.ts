import { memoize } from './memoize.ts'

const second = 1000
const week = 7 * 24 * 3600 * second

/** A stretch of time, `[from, until)` in epoch milliseconds, in which a zone keeps one offset from UTC (ms). */
export interface Span {
  from: number
  until: number
  offset: number
}

const formatOf = memoize(
  (timeZone: string) => new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }),
  { limit: 64 }
)

function offsetAt(timeZone: string, instant: number) {
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(formatOf(timeZone).format(instant))
  if (!match) return 0
  const [, sign, hours, minutes, seconds = 0] = match
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * second
  return sign === '-' ? -size : size
}

/** The first whole second in `(from, until]` that has the offset of `until`; the offset changes once in there. */
function changeBetween(timeZone: string, from: number, until: number, offset: number) {
  let before = from / second
  let after = until / second
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(timeZone, middle * second) === offset) after = middle
    else before = middle
  }
  return after * second
}

/** The spans of one UTC year, found by asking once a week: no zone changes its offset and back within one. */
function spansOfYear(timeZone: string, year: number) {
  const until = Date.UTC(year + 1, 0)
  const lastSecond = until - second
  let span: Span = { from: Date.UTC(year, 0), until, offset: offsetAt(timeZone, Date.UTC(year, 0)) }
  const earlier: Span[] = []
  for (let known = span.from; known < lastSecond; known += week) {
    const probe = Math.min(known + week, lastSecond)
    const offset = offsetAt(timeZone, probe)
    if (offset === span.offset) continue
    const change = changeBetween(timeZone, known, probe, offset)
    earlier.push({ ...span, until: change })
    span = { from: change, until, offset }
  }
  return { earlier, last: span }
}

const yearsOf = memoize(
  (timeZone: string) => memoize((year: number) => spansOfYear(timeZone, year), { limit: 256 }),
  { limit: 64 }
)

/**
 * The span of `timeZone` that `instant` lies in. Spans are cut at the ends of UTC years, so neighbours may have
 * the same offset.
 *
 * @throws RangeError when `timeZone` is no IANA name
 */
export function spanAt(timeZone: string, instant: number): Span {
  const { last, earlier } = yearsOf(timeZone)(new Date(instant).getUTCFullYear())
  return earlier.find((span) => instant < span.until) ?? last
}
