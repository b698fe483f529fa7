import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from 'mocha'
import type { Task } from '@signalbox/plugin'
import { Nodes, quick, until } from './support.test.ts'
import type { TaskStore } from './TaskStore.ts'

export interface OpenStore {
  readonly store: TaskStore
  close(): Promise<void>
}

const HOUR = 3_600_000
const never = '0 0 29 2 *'

function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new Error(String(signal.reason)))
    })
  })
}

function task(options: Partial<Task> = {}): Task {
  return { name: 'tick', every: quick.pollMs, run: async () => {}, ...options }
}

/** What every store promises. */
export function tasksContract(name: string, openStore: (context: Context) => Promise<OpenStore>): void {
  describe(`tasks on ${name}`, () => {
    let opened: OpenStore | undefined
    let nodes: Nodes
    let store: TaskStore

    before(async function () {
      this.timeout(60_000)
      opened = await openStore(this)
      ;({ store } = opened)
    })

    after(() => opened?.close())

    beforeEach(() => {
      nodes = new Nodes()
    })

    afterEach(() => nodes.stopAll())

    // each test has an owner of its own, so that they can share a store
    let count = 0
    const newOwner = () => `owner${++count}`

    async function statusOf(owner: string, tasks: Awaited<ReturnType<Nodes['open']>>) {
      const { tasks: rows } = await tasks.status()
      const row = rows.find((row) => row.name.startsWith(`${owner}.`))
      assert(row, `${owner} has a row`)
      return row
    }

    describe('recurring', () => {
      it('runs when due, again and again, on time', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        const runs: number[] = []
        await tasks.add(owner, task({ run: async () => void runs.push(Date.now()) }))
        const due = (await statusOf(owner, tasks)).nextRunAt?.getTime() ?? 0
        await tasks.start()
        await until('three runs', () => runs.length === 3)
        const [first = 0, second = 0, third = 0] = runs
        assert(first >= due && first - due < 200, `the first run is ${first - due} ms late`)
        for (const gap of [second - first, third - second]) {
          assert(gap >= quick.pollMs - 2 && gap < quick.pollMs + 200, `${gap} ms between two runs`)
        }
      })

      it('reports what it last did', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        let runs = 0
        const run = async () => {
          runs += 1
          if (runs === 1) throw new Error('no camera there')
        }
        await tasks.add(owner, task({ run }))
        const added = await statusOf(owner, tasks)
        assert.equal(added.every, quick.pollMs)
        assert.equal(added.lastRunAt, undefined)
        await tasks.start()
        await until(
          'a failed run',
          async () => (await statusOf(owner, tasks)).lastError === 'no camera there'
        )
        assert(nodes.log.includes('error', 'a task failed'))
        await until('a run that succeeds', async () => (await statusOf(owner, tasks)).lastError === undefined)
        assert((await statusOf(owner, tasks)).lastRunAt instanceof Date)
      })

      it('is read in the time zone of the site', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store, timeZone: 'Asia/Tokyo' })
        await tasks.add(owner, task({ every: '15 3 * * *' }))
        const { nextRunAt } = await statusOf(owner, tasks)
        assert.match(nextRunAt?.toISOString() ?? '', /T18:15:00\.000Z$/)
      })

      it('is refused at once when its schedule or timeout makes no sense', async () => {
        const tasks = await nodes.open({ store })
        await assert.rejects(
          tasks.add('a', task({ every: '99 * * * *' })),
          /Task a\.tick: .* no cron expression/
        )
        await assert.rejects(tasks.add('a', task({ every: 10 })), /Task a\.tick: an interval of 10/)
        await assert.rejects(tasks.add('a', task({ timeout: 2 ** 40 })), /Task a\.tick: a timeout of/)
        assert.deepEqual((await tasks.status()).tasks, [])
      })

      it('runs once for each occurrence, on whichever of two nodes', async () => {
        const owner = newOwner()
        const runs: number[] = []
        for (const node of ['one', 'two']) {
          const tasks = await nodes.open({ store, node })
          await tasks.add(owner, task({ run: async () => void runs.push(Date.now()) }))
          await tasks.start()
        }
        await until('three runs', () => runs.length === 3)
        const gaps = runs.slice(1).map((run, index) => run - (runs[index] ?? 0))
        assert(
          gaps.every((gap) => gap >= quick.pollMs - 2),
          `gaps of ${gaps.join(', ')} ms`
        )
      })

      it('is kept alive past its lock, and nobody else starts it meanwhile', async () => {
        const owner = newOwner()
        let running = 0
        let most = 0
        let ended = 0
        const run = async () => {
          running += 1
          most = Math.max(most, running)
          await delay(quick.lockMs * 1.5)
          running -= 1
          ended += 1
        }
        for (const node of ['one', 'two']) {
          const tasks = await nodes.open({ store, node })
          await tasks.add(owner, task({ run }))
          await tasks.start()
        }
        await until('a run of more than its lock', () => ended === 1)
        assert.equal(most, 1)
        assert(!nodes.log.includes('warn', 'lock'))
      })

      it('is aborted when it takes longer than its timeout, and the next run comes', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        let starts = 0
        const run = async (signal: AbortSignal) => {
          starts += 1
          if (starts === 1) await delay(HOUR, signal)
        }
        await tasks.add(owner, task({ timeout: 100, run }))
        await tasks.start()
        await until('the second run', () => starts === 2)
        assert(nodes.log.includes('warn', 'took longer than its timeout'))
        assert(nodes.log.includes('error', 'a task failed'))
      })

      it('is left to itself when it ignores its signal, and the next run comes', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        let starts = 0
        let release = () => {}
        const run = async () => {
          starts += 1
          if (starts > 1) return
          await new Promise<void>((resolve) => {
            release = resolve
          })
        }
        await tasks.add(owner, task({ timeout: 100, run }))
        await tasks.start()
        await until('the failure', async () =>
          (await statusOf(owner, tasks)).lastError?.includes('left to itself')
        )
        await until('the second run', () => starts === 2)
        release()
      })

      it('keeps the next run of an unchanged schedule over a restart', async () => {
        const owner = newOwner()
        const before = await nodes.open({ store })
        await before.add(owner, task({ every: HOUR }))
        const { nextRunAt } = await statusOf(owner, before)
        const after = await nodes.open({ store })
        await after.add(owner, task({ every: HOUR }))
        assert.deepEqual((await statusOf(owner, after)).nextRunAt, nextRunAt)
      })

      it('follows a changed schedule after a restart', async () => {
        const owner = newOwner()
        const before = await nodes.open({ store })
        await before.add(owner, task({ every: never }))
        const after = await nodes.open({ store })
        let runs = 0
        await after.add(owner, task({ every: quick.pollMs, run: async () => void (runs += 1) }))
        await after.start()
        await until('two runs', () => runs === 2)
        assert.equal((await statusOf(owner, after)).every, quick.pollMs)
      })

      it('makes up for an overdue run although the schedule changed', async () => {
        const owner = newOwner()
        const before = await nodes.open({ store })
        await before.add(owner, task())
        const due = (await statusOf(owner, before)).nextRunAt ?? new Date()
        await until('the run is overdue', () => Date.now() > due.getTime())
        const after = await nodes.open({ store })
        let runs = 0
        await after.add(owner, task({ every: never, run: async () => void (runs += 1) }))
        await after.start()
        await until('the overdue run', () => runs === 1)
        await until('the next one', async () => {
          const { nextRunAt } = await statusOf(owner, after)
          return nextRunAt?.toISOString().includes('-02-29T00:00')
        })
      })

      it('follows a schedule that changed during a run', async () => {
        const owner = newOwner()
        const before = await nodes.open({ store })
        let release: (() => void) | undefined
        const run = () =>
          new Promise<void>((resolve) => {
            release = resolve
          })
        await before.add(owner, task({ every: quick.pollMs, run }))
        await before.start()
        await until('the run', () => release)
        assert.equal((await statusOf(owner, before)).nextRunAt, undefined)
        const after = await nodes.open({ store })
        await after.add(owner, task({ every: never }))
        release?.()
        await until('the end of the run', async () => {
          const { nextRunAt } = await statusOf(owner, after)
          return nextRunAt?.toISOString().includes('-02-29T00:00')
        })
      })
    })

    describe('deferred', () => {
      it('runs at once, with its payload', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        const payloads: unknown[] = []
        tasks.handle(owner, 'mail', async (payload) => void payloads.push(payload))
        await tasks.start()
        const payload = { to: 'yard@example.com', parts: [1, { deep: "it's $5" }] }
        const asked = performance.now()
        await tasks.once(owner, 'mail', payload)
        await until('the run', () => payloads.length === 1)
        const took = performance.now() - asked
        assert(took < 500, `${took} ms`)
        assert.deepEqual(payloads, [payload])
      })

      it('runs when it is due, not before', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        let ran = 0
        tasks.handle(owner, 'mail', async () => void (ran = Date.now()))
        await tasks.start()
        const at = new Date(Date.now() + 500)
        await tasks.once(owner, 'mail', {}, { at })
        await until('the run', () => ran > 0)
        const late = ran - at.getTime()
        assert(late >= 0 && late < 300, `${late} ms late`)
      })

      it('is not added while one with its key waits, but is once that has started', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        const ran: number[] = []
        let release: (() => void) | undefined
        const run = async (payload: number) => {
          ran.push(payload)
          if (payload === 1) {
            await new Promise<void>((resolve) => {
              release = resolve
            })
          }
        }
        tasks.handle(owner, 'index', run)
        await tasks.once(owner, 'index', 1, { key: 'camera/1' })
        await tasks.once(owner, 'index', 2, { key: 'camera/1' })
        await tasks.start()
        await until('the first', () => release)
        await tasks.once(owner, 'index', 3, { key: 'camera/1' })
        await until('the third', () => ran.length === 2)
        release?.()
        assert.deepEqual(ran, [1, 3])
      })

      it('works off a backlog without waiting for the clock', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        const ran = new Set<number>()
        tasks.handle(owner, 'mail', async (payload: number) => void ran.add(payload))
        for (let index = 0; index < 100; index += 1) await tasks.once(owner, 'mail', index)
        const started = performance.now()
        await tasks.start()
        await until('all of them', () => ran.size === 100)
        const took = performance.now() - started
        assert(took < 2500, `100 took ${took} ms`)
      })

      it('runs once among three nodes', async () => {
        const owner = newOwner()
        const ran: number[] = []
        const first = await nodes.open({ store })
        for (let index = 0; index < 60; index += 1) await first.once(owner, 'mail', index)
        for (const node of ['one', 'two', 'three']) {
          const tasks = await nodes.open({ store, node })
          tasks.handle(owner, 'mail', async (payload: number) => void ran.push(payload))
          await tasks.start()
        }
        await until('all of them', () => new Set(ran).size === 60)
        assert.equal(ran.length, 60)
      })

      it('is tried four times in all, then given up and logged', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        let attempts = 0
        const run = () => {
          attempts += 1
          // even what is no error
          return Promise.reject(attempts === 1 ? undefined : new Error('no route'))
        }
        tasks.handle(owner, 'mail', run)
        await tasks.start()
        await tasks.once(owner, 'mail', {})
        await until('giving up', () => nodes.log.includes('error', 'was given up'))
        assert.equal(attempts, 4)
        const warnings = nodes.log.lines.filter(({ message }) => message.includes('will be tried again'))
        assert.equal(warnings.length, 3)
      })

      it('does not run in the context of whoever asked for it', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        const caller = new AsyncLocalStorage<string>()
        const callers: unknown[] = []
        tasks.handle(owner, 'mail', async () => void callers.push(caller.getStore()))
        await tasks.start()
        await caller.run('alice', () => tasks.once(owner, 'mail', {}))
        await until('the run', () => callers.length === 1)
        assert.deepEqual(callers, [undefined])
      })

      it('cannot have the name of a recurring task', async () => {
        const tasks = await nodes.open({ store })
        tasks.handle('clash', 'tick', async () => {})
        await assert.rejects(tasks.add('clash', task()), { name: 'Conflict' })
      })
    })

    describe('stop', () => {
      it('waits for what runs', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        const seen: string[] = []
        const run = async (_: unknown, signal: AbortSignal) => {
          seen.push('started')
          await delay(400, signal)
          seen.push('ended')
        }
        tasks.handle(owner, 'mail', run)
        await tasks.start()
        await tasks.once(owner, 'mail', {})
        await until('the start', () => seen.length === 1)
        assert.equal((await tasks.status()).running, 1)
        await tasks.stop({ graceMs: 5000 })
        assert.deepEqual(seen, ['started', 'ended'])
      })

      it('interrupts what takes longer, and the next node repeats it without counting a failure', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        let reason: unknown
        tasks.handle(owner, 'mail', (_, signal) =>
          delay(HOUR, signal).catch((error: unknown) => {
            reason = error
            throw error
          })
        )
        await tasks.start()
        await tasks.once(owner, 'mail', 'again')
        await until('the start', async () => (await tasks.status()).running === 1)
        const asked = performance.now()
        await tasks.stop({ graceMs: 100 })
        const took = performance.now() - asked
        assert(took < 1000, `stopped after ${took} ms`)
        assert.match(String(reason), /the platform is stopping/)
        assert(!nodes.log.includes('warn', 'failed'))

        const next = await nodes.open({ store })
        const ran: unknown[] = []
        next.handle(owner, 'mail', async (payload) => void ran.push(payload))
        await next.start()
        await until('the repetition', () => ran.length === 1, quick.lockMs * 0.8)
        assert.deepEqual(ran, ['again'])
      })

      it('does not wait for ever for what ignores its signal', async () => {
        const owner = newOwner()
        const tasks = await nodes.open({ store })
        let release: (() => void) | undefined
        const run = () =>
          new Promise<void>((resolve) => {
            release = resolve
          })
        tasks.handle(owner, 'mail', run)
        await tasks.start()
        await tasks.once(owner, 'mail', {})
        await until('the start', () => release)
        const asked = performance.now()
        await tasks.stop({ graceMs: 0 })
        const took = performance.now() - asked
        assert(took < quick.abandonMs + 1000, `stopped after ${took} ms`)
        release?.()
        // so that no other test finds it
        const next = await nodes.open({ store })
        let ran = false
        next.handle(owner, 'mail', async () => void (ran = true))
        await next.start()
        await until('the repetition', () => ran)
      })

      it('frees what was locked ahead of its time', async () => {
        const owner = newOwner()
        const long = { ...quick, lockMs: 60_000 }
        const tasks = await nodes.open({ store, timing: long })
        let ran = 0
        let other = 0
        tasks.handle(owner, 'mail', async () => void (ran += 1))
        tasks.handle(owner, 'other', async () => void (other += 1))
        await tasks.start()
        const at = new Date(Date.now() + 180)
        await tasks.once(owner, 'mail', {}, { at })
        // woken after the first, so when it has run the first is locked
        await tasks.once(owner, 'other', {})
        await until('a look at what is due', () => other === 1)
        await tasks.stop({ graceMs: 1000 })
        assert.equal(ran, 0)

        const next = await nodes.open({ store, timing: long })
        next.handle(owner, 'mail', async () => void (ran += 1))
        await next.start()
        await until('the run', () => ran === 1, 3000)
      })
    })
  })
}
