import assert from 'node:assert/strict'
import { ManualClock, type Timetable } from './ManualClock.ts'

const start = new Date('2026-03-28T12:00:00.000Z')

/** Happens every so many seconds, and keeps when it did. */
function every(seconds: number, clock: ManualClock, happened: string[]): Timetable {
  let at = new Date(clock.now().getTime() + seconds * 1000)
  return {
    next: () => ({
      at,
      run: async () => {
        happened.push(`${seconds} s at ${clock.now().toISOString().slice(14, 19)}`)
        at = new Date(clock.now().getTime() + seconds * 1000)
      }
    })
  }
}

describe('A manual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = new ManualClock(start)
    assert.deepEqual(clock.now(), start)
    await clock.advance(1500)
    assert.deepEqual(clock.now(), new Date('2026-03-28T12:00:01.500Z'))
    await clock.set(start)
    assert.deepEqual(clock.now(), start)
  })

  it('has all that comes due while it advances happen in order, each at its moment', async () => {
    const clock = new ManualClock(start)
    const happened: string[] = []
    clock.drive(every(20, clock, happened))
    clock.drive(every(30, clock, happened))
    await clock.advance(60_000)
    assert.deepEqual(happened, [
      '20 s at 00:20',
      '30 s at 00:30',
      '20 s at 00:40',
      '20 s at 01:00',
      '30 s at 01:00'
    ])
  })

  it('has what is overdue happen once when it jumps', async () => {
    const clock = new ManualClock(start)
    const happened: string[] = []
    clock.drive(every(20, clock, happened))
    await clock.set(new Date('2026-03-28T12:10:00.000Z'))
    assert.deepEqual(happened, ['20 s at 10:00'])
  })

  it('goes on after a failure, and throws the first at the end', async () => {
    const clock = new ManualClock(start)
    const happened: string[] = []
    clock.drive(every(30, clock, happened))
    let tries = 0
    clock.drive({
      next: () =>
        tries < 2 ? { at: start, run: () => Promise.reject(new Error(`failure ${++tries}`)) } : undefined
    })
    await assert.rejects(clock.advance(30_000), /failure 1/)
    assert.deepEqual(happened, ['30 s at 00:30'])
    assert.deepEqual(clock.now(), new Date('2026-03-28T12:00:30.000Z'))
  })

  it('makes one move after the other', async () => {
    const clock = new ManualClock(start)
    const happened: string[] = []
    clock.drive(every(20, clock, happened))
    await Promise.all([clock.advance(20_000), clock.advance(20_000)])
    assert.deepEqual(happened, ['20 s at 00:20', '20 s at 00:40'])
  })

  it('refuses a moment that is none', async () => {
    const clock = new ManualClock(start)
    assert.throws(() => clock.advance(-1), { kind: 'invalid', message: 'Time cannot advance by -1 ms.' })
    await assert.rejects(clock.set(new Date('tomorrow')), { kind: 'invalid' })
    assert.throws(() => new ManualClock(new Date('tomorrow')), { kind: 'invalid' })
    assert.deepEqual(clock.now(), start)
  })
})
