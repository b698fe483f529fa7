import assert from 'node:assert/strict'
import { backoff } from './backoff.ts'
import { ProgressReader } from './ProgressReader.ts'
import { splitLines } from './splitLines.ts'

describe('splitLines', () => {
  it('puts lines together again, however the pipe cuts them', () => {
    const lines: string[] = []
    const splitter = splitLines((line) => lines.push(line))
    for (const char of 'one\ntwo\r\nthree\rfour') splitter.write(char)
    splitter.end()
    assert.deepEqual(lines, ['one', 'two', 'three', 'four'])
  })

  it('cuts a line without end short, and holds no more of it', () => {
    const lines: string[] = []
    const splitter = splitLines((line) => lines.push(line))
    for (let count = 0; count < 100; count += 1) splitter.write('x'.repeat(1_000))
    splitter.end()
    assert.deepEqual(
      lines.map(({ length }) => length),
      [2_000]
    )
  })
})

describe('ProgressReader', () => {
  it('sees whether frames, or time where there are none, have grown', () => {
    const progress = new ProgressReader()
    assert.equal(progress.write('frame=0\nout_time_ms=N/A\nprogress=continue\n'), false)
    assert.equal(progress.write('frame=   12\nprogress=continue\n'), true)
    assert.equal(progress.write('frame=12\nprogress=continue\n'), false)
    assert.equal(progress.write('out_time_ms=40000\nprogress=continue\n'), true)
    assert.equal(progress.frames, 12)
  })

  it('takes a number that was cut in two for no growth', () => {
    const progress = new ProgressReader()
    progress.write('frame=120\n')
    assert.equal(progress.write('frame=12'), false)
  })
})

describe('backoff', () => {
  it('doubles from one second to thirty', () => {
    const middle = () => 0.5
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 20].map((retry) => backoff(retry, middle)),
      [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
    )
  })

  it('strays by a fifth at most', () => {
    assert.equal(
      backoff(1, () => 0),
      800
    )
    assert.equal(
      backoff(1, () => 1),
      1_200
    )
  })
})
