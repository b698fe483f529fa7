import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createRedactor } from '../ffmpeg/redact.ts'
import { JobLog } from './JobLog.ts'
import { LogBatcher } from './LogBatcher.ts'
import type { JobLogBatch } from './SupervisorEvents.ts'
import { eventually, HandClock } from './support.test.ts'

function setUp(linesPerSecond?: number) {
  const clock = new HandClock()
  const batches: JobLogBatch[] = []
  const batcher = new LogBatcher({ clock, emit: (batch) => batches.push(batch) })
  const log = new JobLog({ jobId: 'j', batcher, clock, ...(linesPerSecond ? { linesPerSecond } : {}) })
  return { clock, batches, batcher, log }
}

describe('JobLog', () => {
  it('hands lines on together, a tenth of a second after the first', () => {
    const { clock, batches, log } = setUp()
    log.add('a')
    clock.advance(99)
    log.add('b')
    assert.deepEqual(batches, [])
    clock.advance(1)
    assert.deepEqual(batches, [{ jobId: 'j', lines: ['a', 'b'] }])
    assert.deepEqual(clock.pending, [])
  })

  it('keeps the batches of jobs apart', () => {
    const { clock, batches, batcher } = setUp()
    batcher.add('a', '1')
    batcher.add('b', '2')
    clock.advance(100)
    assert.deepEqual(batches, [
      { jobId: 'a', lines: ['1'] },
      { jobId: 'b', lines: ['2'] }
    ])
  })

  it('counts what is over the limit of a second', () => {
    const { clock, log } = setUp(2)
    for (const line of ['a', 'b', 'c', 'd']) log.add(line)
    clock.advance(1_000)
    log.add('e')
    assert.deepEqual(log.lines(), ['a', 'b', '(2 lines dropped)', 'e'])
  })

  it('keeps credentials out of what it keeps and what it hands on', () => {
    const { clock, batches, log } = setUp()
    log.redact = createRedactor({ username: 'u', password: 'hunter2' })
    log.add('open rtsp://u:hunter2@cam')
    log.note('hunter2')
    clock.advance(100)
    assert.ok(!JSON.stringify([log.lines(), batches]).includes('hunter2'))
  })

  it('takes 10,000 lines a second without holding up the loop', async function () {
    this.timeout(10_000)
    let told = 0
    const batcher = new LogBatcher({ emit: ({ lines }) => (told += lines.length) })
    const log = new JobLog({ jobId: 'j', batcher, linesPerSecond: 20_000 })
    log.redact = createRedactor({ username: 'u', password: 'hunter2' })
    const loop = monitorEventLoopDelay({ resolution: 5 })
    loop.enable()
    let sent = 0
    const timer = setInterval(() => {
      for (let count = 0; count < 100; count += 1) log.add(`[h264 @ 0x5] [error] bad block ${(sent += 1)}`)
    }, 10)
    await eventually('two seconds of lines', () => sent >= 20_000)
    clearInterval(timer)
    loop.disable()
    batcher.flush()
    assert.equal(told, sent)
    assert.ok(loop.percentile(99) / 1e6 < 50, `the loop stood still for ${loop.percentile(99) / 1e6} ms`)
  })
})
