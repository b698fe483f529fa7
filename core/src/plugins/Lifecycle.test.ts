import assert from 'node:assert/strict'
import { Lifecycle, type Attempt } from './Lifecycle.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

function lifecycle(start: (attempt: Attempt) => Promise<void>, more: object = {}): Lifecycle {
  return new Lifecycle({ name: 'x', version: '1.0.0', essential: false, log, start, ...more })
}

describe('the life of a plugin', () => {
  it('undoes what was deferred, last first, whatever fails on the way', async () => {
    const undone: string[] = []
    const life = lifecycle(async ({ defer }) => {
      defer(() => void undone.push('first'))
      defer(() => Promise.reject(new Error('stuck')))
      defer(async () => void undone.push('last'))
    })
    await life.start()
    assert.equal(life.status().state, 'running')
    await life.stop()
    assert.deepEqual(undone, ['last', 'first'])
    assert.equal(life.status().state, 'stopped')
  })

  it('keeps its failure to itself, undoes the try, and tries again', async () => {
    let tries = 0
    const undone: number[] = []
    const running = new Promise<void>((resolve) => {
      const life = lifecycle(async ({ defer, signal }) => {
        const attempt = ++tries
        defer(() => void undone.push(attempt))
        if (attempt === 1) throw new Error('the peer is away')
        assert.ok(!signal.aborted)
      })
      life.onceRunning(() => void life.stop().then(resolve))
      void life.start().then(() => {
        assert.equal(life.status().state, 'failed')
        assert.equal(life.status().error, 'the peer is away')
        assert.deepEqual(undone, [1])
      })
    })
    // The retry is unref'ed: something else must keep the process alive while it is awaited.
    const alive = setInterval(() => {}, 1000)
    await running
    clearInterval(alive)
    assert.equal(tries, 2)
  })

  it('is fatal where the plugin is essential', async () => {
    const life = lifecycle(() => Promise.reject(new Error('no disk')), { essential: true })
    await assert.rejects(life.start(), /no disk/)
    await life.stop()
  })

  it('gives up a start that hangs, and names the plugin', async () => {
    const life = lifecycle(() => new Promise(() => {}), { startTimeout: 20 })
    await life.start()
    assert.match(life.status().error ?? '', /x did not start within/)
    await life.stop()
  })

  it('does not show a database’s own words', async () => {
    const life = lifecycle(() =>
      Promise.reject(Object.assign(new Error('select secret'), { severity: 'ERROR', code: '42703' }))
    )
    await life.start()
    assert.equal(life.status().error, 'The database refused a statement (42703); the log says more.')
    await life.stop()
  })
})
