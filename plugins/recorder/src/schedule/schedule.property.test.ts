import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { checkSchedule, dueBetween, nextOccurrence, windowAt } from './index.ts'
import type { ScheduledJob } from './index.ts'

const minute = 60_000

/** One minute of a site, as Intl shows it. */
interface Minute {
  at: number
  wall: number
  /** The latest wall minute shown so far. */
  reached: number
  /** What `wall` shows: `YYYY-MM-DD`. */
  date: string
}

interface Scene {
  timeZone: string
  minutes: Minute[]
  /** Where questions begin: early enough for an answer, late enough for every cron to have fired before. */
  middle: number
  end: number
}

/** A cron as sets, for a matcher of its own. */
interface Sets {
  minutes: number[]
  hours: number[] | undefined
  days: number[] | undefined
  weekdays: number[] | undefined
}

interface Start {
  start: number
  /** Undefined when it is not over at the end of the scene. */
  end?: number
}

function sceneOf(timeZone: string, from: string, middle: string, until: string): Scene {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const minutes: Minute[] = []
  const end = Date.parse(until)
  let reached = -Infinity
  for (let at = Date.parse(from); at < end; at += minute) {
    const shown = format.format(at)
    const wall = Date.parse(`${shown.replace(' ', 'T')}Z`)
    reached = Math.max(reached, wall)
    minutes.push({ at, wall, reached, date: shown.slice(0, 10) })
  }
  return { timeZone, minutes, middle: Date.parse(middle), end }
}

function patternOf({ minutes, hours, days, weekdays }: Sets) {
  return [minutes.join(','), hours, days, '*', weekdays].map((set) => set ?? '*').join(' ')
}

function matches({ minutes, hours, days, weekdays }: Sets, wall: number) {
  if (!minutes.includes((wall / minute) % 60)) return false
  const clock = new Date(wall)
  if (hours && !hours.includes(clock.getUTCHours())) return false
  const day = days?.includes(clock.getUTCDate())
  const weekday = weekdays?.includes(clock.getUTCDay())
  return days && weekdays ? Boolean(day || weekday) : (day ?? weekday ?? true)
}

const nothing: readonly number[] = []

/** The wall minutes of `sets` that the clock deals with between the minute before and `now`. */
function firings(sets: Sets, before: Minute, now: Minute) {
  const steady = now.reached === before.reached + minute
  if (!sets.hours || steady) return matches(sets, now.wall) ? [now.wall] : nothing
  const walls: number[] = []
  for (let wall = before.reached + minute; wall <= now.reached; wall += minute) {
    if (matches(sets, wall)) walls.push(wall)
  }
  return walls.length > 0 ? walls : nothing
}

function inPeriod({ periodStart, periodEnd, periodRecurrent }: ScheduledJob, date: string) {
  const day = periodRecurrent ? `-${date.slice(4)}` : date
  const begun = !periodStart || day >= periodStart
  const unfinished = !periodEnd || day <= periodEnd
  return periodRecurrent && `${periodStart}` > `${periodEnd}` ? begun || unfinished : begun && unfinished
}

/** Walks through the scene minute by minute and writes down every start, and when what it started ended. */
function simulate(job: ScheduledJob, start: Sets, stop: Sets | undefined, { minutes }: Scene): Start[] {
  const starts: Start[] = []
  const open = new Set<Start>()
  const lastDay = job.periodEnd?.replace(/^-/, '')
  const close = (end: number) => {
    for (const one of open) one.end = end
    open.clear()
  }

  for (const [index, now] of minutes.entries()) {
    const before = minutes[index - 1]
    if (!before) continue

    if (lastDay && before.date !== now.date && before.date.endsWith(lastDay)) close(now.at)
    // All last equally long: the first to start is the first to end.
    for (const one of open) {
      const end = one.start + (job.duration ?? Infinity) * 1000
      if (end > now.at) break
      one.end = end
      open.delete(one)
    }

    const stops = stop ? firings(stop, before, now) : nothing
    const begins = firings(start, before, now)
    if (stops === nothing && begins === nothing) continue
    const events = [
      ...stops.map((wall) => ({ wall, starts: false })),
      ...begins.map((wall) => ({ wall, starts: true }))
    ].sort((a, b) => a.wall - b.wall)
    for (const event of events) {
      if (!event.starts) close(now.at)
      else if (inPeriod(job, now.date)) {
        const one: Start = { start: now.at }
        starts.push(one)
        open.add(one)
      }
    }
  }
  return starts
}

function set(min: number, max: number, maxLength: number) {
  return fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength })
    .map((values) => values.sort((a, b) => a - b))
}

function often<T>(values: fc.Arbitrary<T>) {
  return fc.option(values, { nil: undefined, freq: 2 })
}

/** Hours near the jumps come often. */
const sets = fc.record<Sets>({
  minutes: set(0, 59, 3),
  hours: often(fc.oneof(set(0, 23, 3), set(0, 4, 3))),
  days: fc.oneof(fc.constant(undefined), fc.constant(undefined), set(1, 28, 4)),
  weekdays: fc.oneof(fc.constant(undefined), fc.constant(undefined), set(0, 6, 3))
})

const day = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 })).map((parts) => {
  const [month, date] = parts.map((part) => String(part).padStart(2, '0'))
  return `${month}-${date}`
})

const period = fc.oneof(
  fc.constant({}),
  fc.record({ periodStart: day, periodEnd: day }).map(({ periodStart, periodEnd }) => ({
    periodStart: `--${periodStart}`,
    periodEnd: `--${periodEnd}`,
    periodRecurrent: true
  })),
  fc.tuple(day, day).map((days) => {
    const [first, last] = days.sort()
    return { periodStart: `2026-${first}`, periodEnd: `2026-${last}` }
  }),
  day.map((date) => ({ periodEnd: `2026-${date}` }))
)

const duration = often(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100_000 })))

const jobs = fc
  .record({ start: sets, stop: often(sets), duration, period, oneshot: fc.nat(4).map((n) => n === 0) })
  .map(({ start, stop, duration, period, oneshot }) => {
    const job: ScheduledJob = {
      triggerType: oneshot ? 'oneshot' : 'continuous',
      enabled: true,
      cron: patternOf(start),
      ...(stop && !oneshot && { cronStop: patternOf(stop) }),
      ...(duration && { duration }),
      ...period
    }
    return { job, start, stop: oneshot ? undefined : stop }
  })

/** Instants worth asking about: any, and those around what happens and around the last jump of the scene. */
function questions(starts: Start[], { middle, end }: Scene, seeds: number[]) {
  const edges = starts.flatMap((one) => [one.start, one.end ?? one.start])
  return seeds
    .flatMap((seed, index) => {
      const edge = edges[seed % (edges.length || 1)]
      const any = middle + (seed % (end - middle))
      return index % 2 && edge !== undefined ? [edge - 1, edge, edge + 1] : [any]
    })
    .filter((instant) => instant >= middle && instant < end)
}

function lastAt(starts: Start[], instant: number) {
  return starts.findLast((one) => one.start <= instant)
}

describe('the schedule, minute by minute', function () {
  this.timeout(60_000)
  let scenes: Scene[] = []
  const seeds = fc.array(fc.nat(), { minLength: 40, maxLength: 40 })
  const sceneIndex = fc.nat(4)

  before(() => {
    scenes = [
      sceneOf('Europe/Paris', '2026-02-14', '2026-03-23', '2026-04-10'),
      sceneOf('Europe/Paris', '2026-09-14', '2026-10-20', '2026-11-05'),
      sceneOf('Europe/Paris', '2026-11-20', '2026-12-24', '2027-01-10'),
      sceneOf('Australia/Lord_Howe', '2026-08-25', '2026-09-30', '2026-10-15'),
      sceneOf('Africa/Cairo', '2026-09-20', '2026-10-25', '2026-11-10')
    ]
  })

  function check(
    runs: number,
    property: (job: ScheduledJob, starts: Start[], scene: Scene, at: number[]) => void
  ) {
    fc.assert(
      fc.property(jobs, sceneIndex, seeds, ({ job, start, stop }, index, seeds) => {
        const scene = scenes[index]
        assert.ok(scene)
        const starts = simulate(job, start, stop, scene)
        property(job, starts, scene, questions(starts, scene, seeds))
      }),
      { numRuns: runs }
    )
  }

  it('has the windows of a model that walks through every minute', () => {
    check(120, (job, starts, { timeZone, end }, instants) => {
      if (job.triggerType === 'oneshot') return
      for (const instant of instants) {
        const found = windowAt(job, new Date(instant), { timeZone })
        const expected = lastAt(starts, instant)
        if (!expected || (expected.end !== undefined && expected.end <= instant)) {
          assert.equal(found, undefined, new Date(instant).toISOString())
        } else {
          assert.equal(found?.start.getTime(), expected.start, new Date(instant).toISOString())
          if (expected.end === undefined) assert.ok((found.end?.getTime() ?? Infinity) > end - minute)
          else assert.equal(found.end?.getTime(), expected.end)
        }
      }
    })
  })

  it('has a next occurrence that is strictly later, is a window start, and is the first such', () => {
    check(120, (job, starts, { timeZone, end }, instants) => {
      for (const instant of instants.slice(0, 12)) {
        const found = nextOccurrence(job, new Date(instant), { timeZone })
        const expected = starts.find(
          (one) => one.start > instant && (job.triggerType === 'oneshot' || one.end !== one.start)
        )
        if (found) {
          assert.ok(found.getTime() > instant)
          assert.deepEqual(windowAt(job, found, { timeZone })?.start, found)
        }
        if (expected) assert.equal(found?.getTime(), expected.start)
        else assert.ok((found?.getTime() ?? Infinity) >= end)
      }
    })
  })

  it('is due at every start of the model', () => {
    check(60, (job, starts, { timeZone, middle, end }) => {
      const due = dueBetween(job, new Date(middle - 1), new Date(end - 1), { timeZone, limit: Infinity })
      const expected = new Set(starts.map((one) => one.start).filter((start) => start >= middle))
      assert.deepEqual(
        due.map((at) => at.getTime()),
        [...expected]
      )
    })
  })

  it('finds a fault in no schedule that starts something', () => {
    check(60, (job, starts, { timeZone }) => {
      if (starts.length > 0) assert.deepEqual(checkSchedule(job, { timeZone }), [])
    })
  })
})
