import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigInput } from '@signalbox/core'
import { createDatabaseOrSkip } from '../support/postgres.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { blink, lamps, listenAt, measure, startLampNode, whoHeard } from './lampNodes.ts'

describe('Named events without a Redis', function () {
  this.timeout(60_000)
  let directory: TemporaryDirectory

  beforeEach(async () => {
    directory = await temporaryDirectory()
  })

  afterEach(() => directory.remove())

  /** A configuration whose log a test can read. */
  const logged = (name: string): { readonly log: () => Promise<string>; readonly config: ConfigInput } => {
    const file = join(directory.path, `${name}.log`)
    return { log: () => readFile(file, 'utf8'), config: { log: { level: 'info', file } } }
  }

  async function redisOf(node: TestPlatform, authorization: string): Promise<unknown> {
    return (await node.api('GET', '/status', undefined, { authorization })).body.redis
  }

  it('stay on the node where they happen, which each says once where there are others', async function () {
    const database = await createDatabaseOrSkip(this)
    const logs = [logged('one'), logged('two')]
    const nodes = await Promise.all(
      logs.map(({ config }) => startLampNode({ databaseUrl: database.url, ...config }))
    )
    try {
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      const admin = await one.admin()
      const listeners = { here: await listenAt(one, admin), there: await listenAt(two, admin) }
      const said = await blink(one, { witness: listeners.here, listeners: Object.values(listeners) })
      assert.deepEqual(whoHeard(listeners, said), ['here'])
      assert.equal(await redisOf(one, `Bearer ${admin.token}`), null)
      assert.equal(await measure(one, 'signalbox_redis_up'), undefined)
      for (let n = 0; n < 5; n++)
        for (const { context } of nodes) await context.service(lamps).create({ name: 'Lamp' })
      for (const { log } of logs) {
        await until('the line', async () => (await log()).includes('Another node shares the database'))
      }
      await Promise.all(nodes.map((node) => node.drain()))
      for (const { log } of logs) assert.equal((await log()).match(/Another node/g)?.length, 1)
    } finally {
      await Promise.all(nodes.map((node) => node.stop()))
      await database.drop()
    }
  })

  it('need none on the embedded database, which says so where one is configured', async () => {
    const { log, config } = logged('alone')
    const platform = await startTestPlatform({
      redis: { url: 'redis://:hunter2hunter2@127.0.0.1:1' },
      ...config
    })
    try {
      assert.match(await log(), /"level":"warn".*redis\.url is not used: the embedded database has one node/)
      assert.doesNotMatch(await log(), /hunter2/)
      assert.equal(await redisOf(platform, `Bearer ${(await platform.admin()).token}`), null)
      assert.equal((await platform.api('GET', '/health')).body.status, 'ok')
    } finally {
      await platform.stop()
    }
  })
})
