import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Logger, Task } from '@signalbox/plugin'
import { ManualClock } from '../clock/ManualClock.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { createManualTasks } from './createManualTasks.ts'
import type { Tasks } from './Tasks.ts'

const log = { error: () => {} } as unknown as Logger
/** No unit of work is open: what is put off until its end happens at once. */
const units = { afterCommit: (run: () => void) => run() } as UnitsOfWork

describe('Tasks by a clock that is moved by hand', () => {
  let clock: ManualClock
  let tasks: Tasks
  let ran: string[]

  beforeEach(async () => {
    clock = new ManualClock(new Date('2026-03-28T12:00:00.000Z'))
    tasks = createManualTasks({ clock, log, timeZone: 'Europe/Berlin', units })
    ran = []
    await tasks.start()
  })

  afterEach(() => tasks.stop({ graceMs: 1000 }))

  const task = (name: string, every: Task['every'], run: Task['run'] = async () => {}): Promise<void> =>
    tasks.add('test', {
      name,
      every,
      run: async (signal) => {
        ran.push(`${name} ${clock.now().toISOString().slice(5, 16)}`)
        await run(signal)
      }
    })

  it('run as often as they come due, in the time zone of the site, across daylight saving', async () => {
    await task('nightly', '30 3 * * *')
    await task('hours', 12 * 3_600_000)
    await clock.advance(36 * 3_600_000)
    // The night of the 29th has no 02:30 in Berlin, and 03:30 is an hour earlier by UTC than the day before.
    assert.deepEqual(ran, [
      'hours 03-29T00:00',
      'nightly 03-29T01:30',
      'hours 03-29T12:00',
      'hours 03-30T00:00'
    ])
  })

  it('make up once for what was missed in a jump', async () => {
    await task('minutes', 60_000)
    await clock.set(new Date('2026-03-28T13:00:30.000Z'))
    assert.deepEqual(ran, ['minutes 03-28T13:00'])
    await clock.advance(60_000)
    assert.deepEqual(ran.slice(1), ['minutes 03-28T13:01'])
  })

  it('that fail are named by the move, shown, and run again', async () => {
    let fails = true
    await task('measure', 60_000, async () => {
      if (fails) throw new Error('no wind')
    })
    await assert.rejects(clock.advance(60_000), { message: 'The task test.measure failed: no wind' })
    assert.equal((await tasks.status()).tasks[0]?.lastError, 'no wind')
    fails = false
    await clock.advance(60_000)
    assert.equal((await tasks.status()).tasks[0]?.lastError, undefined)
  })

  it('are aborted when they take longer than their timeout', async () => {
    await tasks.add('test', {
      name: 'slow',
      every: 1000,
      timeout: 20,
      run: async (signal) => void (await once(signal, 'abort'))
    })
    await clock.advance(1000)
    await tasks.add('test', { name: 'deaf', every: 1000, timeout: 20, run: () => new Promise(() => {}) })
    await assert.rejects(clock.advance(1000), /test\.deaf failed: it ignored its aborted signal/)
  })

  it('refuse the schedules that a running platform refuses', async () => {
    await assert.rejects(task('hasty', 10), { kind: 'invalid' })
    await assert.rejects(task('seldom', 'every full moon'), { kind: 'invalid' })
  })

  it('do deferred work when it is due, once for a key, and try it again', async () => {
    let failures = 1
    tasks.handle('test', 'call', async (payload: string) => {
      ran.push(`${payload} ${clock.now().toISOString().slice(14, 19)}`)
      if (failures-- > 0) throw new Error('no answer')
    })
    await tasks.once('test', 'call', 'ann', { key: 'ann' })
    await tasks.once('test', 'call', 'ann', { key: 'ann' })
    await tasks.once('test', 'call', 'bob', { at: new Date('2026-03-28T12:00:10.000Z') })
    assert.deepEqual(ran, [])
    await clock.advance(10_000)
    assert.deepEqual(ran, ['ann 00:00', 'ann 00:01', 'bob 00:10'])
  })

  it('end with the platform', async () => {
    await task('minutes', 60_000)
    await tasks.stop({ graceMs: 1000 })
    await clock.advance(120_000)
    assert.deepEqual(ran, [])
  })
})
