import assert from 'node:assert/strict'
import { type JobParameters, toJobId } from 'agenda'
import { LockGate } from './LockGate.ts'
import { memoryLog } from './support.test.ts'

function row(id: string): JobParameters {
  return { _id: toJobId(id), name: id, priority: 0, nextRunAt: new Date(), type: 'normal', data: {} }
}

describe('LockGate', () => {
  it('asks one question for all names of a tick, and locks only what is due', async () => {
    const gate = new LockGate({ lockMs: 1000, log: memoryLog(), runs: () => false })
    const questions: (readonly string[])[] = []
    const due = async (names: readonly string[]) => {
      questions.push(names)
      return new Set(['b'])
    }
    const pass = (name: string) => gate.pass(name, due, async () => row(name))
    const [a, b, c] = await Promise.all([pass('a'), pass('b'), pass('c')])
    assert.deepEqual(questions, [['a', 'b', 'c']])
    assert.deepEqual([a?.name, b?.name, c?.name], [undefined, 'b', undefined])
    await pass('a')
    assert.equal(questions.length, 2)
  })

  it('keeps back a row that this process is running', async () => {
    const gate = new LockGate({ lockMs: 1000, log: memoryLog(), runs: (id) => id === 'mine' })
    const due = async (names: readonly string[]) => new Set(names)
    assert.equal(await gate.pass('a', due, async () => row('mine')), undefined)
    assert.equal((await gate.pass('a', due, async () => row('free')))?.name, 'free')
  })

  it('lets nothing through once it is closed, and waits for what is on its way', async () => {
    const gate = new LockGate({ lockMs: 1000, log: memoryLog(), runs: () => false })
    const due = async (names: readonly string[]) => new Set(names)
    let answer: ((row: JobParameters) => void) | undefined
    const locking = new Promise<void>((resolve) => {
      void gate.pass('a', due, () => {
        resolve()
        return new Promise((give) => {
          answer = give
        })
      })
    })
    await locking
    let closed = false
    const closing = gate.close().then(() => {
      closed = true
    })
    assert.equal(await gate.pass('b', due, async () => row('b')), undefined)
    assert.equal(closed, false)
    answer?.(row('a'))
    await closing
  })

  it('logs an outage when it begins and when it ends', async () => {
    const log = memoryLog()
    const gate = new LockGate({ lockMs: 1000, log, runs: () => false })
    const pass = (due: () => Promise<Set<string>>) => gate.pass('a', due, async () => row('a'))
    const fail = () => Promise.reject(new Error('down'))
    for (const due of [fail, fail, async () => new Set(['a']), async () => new Set<string>()]) await pass(due)
    assert.deepEqual(
      log.lines.map(({ level }) => level),
      ['error', 'info']
    )
  })
})
