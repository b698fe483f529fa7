import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import { generated, overRest, overSocket, type Caller } from './callers.ts'
import { onEachDatabase } from './support.ts'

const camera = { name: 'Gate', protocol: 'test' }

for (const kind of [overRest, overSocket, generated]) {
  onEachDatabase(`Called by ${kind.name}, the platform`, [recorder], (place) => {
    let caller: Caller

    before(async () => {
      caller = await kind.open(place)
    })
    after(() => caller?.close())

    async function refuses(call: Promise<unknown>, status: number): Promise<void> {
      await assert.rejects(call, (error) => {
        assert.equal(caller.failureOf(error).status, status, String(error))
        return true
      })
    }

    it('creates, reads, changes and removes', async () => {
      const made = await caller.create('cameras', { ...camera, location: 'North' })
      assert.equal(made.version, 1)
      assert.deepEqual(await caller.get('cameras', made.id), made)
      assert.deepEqual(await caller.find('cameras', { id: made.id }), [made])
      const { total, ...window } = await caller.find('cameras', { $limit: 1, $sort: { createdAt: -1 } })
      assert.deepEqual(window, { limit: 1, skip: 0, data: [made] })
      assert.ok(total >= 1)
      const page = await caller.find('cameras', { page: 1, limit: 1, $sort: { createdAt: -1 } })
      assert.deepEqual([page.page, page.limit, page.items], [1, 1, [made]])
      const either = await caller.find('cameras', {
        $or: [{ name: 'nothing' }, { location: { $in: ['North', 'South'] } }],
        enabled: true
      })
      assert.deepEqual(either, [made])
      assert.equal((await caller.patch('cameras', made.id, { location: 'South' })).location, 'South')
      const updated = await caller.update('cameras', made.id, { ...camera, name: 'Yard' })
      assert.deepEqual([updated.name, updated.location, updated.version], ['Yard', null, 3])
      await refuses(caller.patch('cameras', made.id, { location: 'East', version: 1 }), 409)
      assert.deepEqual(await caller.remove('cameras', made.id), updated)
      await refuses(caller.get('cameras', made.id), 404)
    })

    it('has methods of a record and of a service', async () => {
      const { id: cameraId } = await caller.create('cameras', { ...camera, enabled: false })
      const job = await caller.create('jobs', { name: 'Gate', cameraId })
      assert.deepEqual(await caller.act('jobs', 'logs', job.id), { jobId: job.id, lines: [] })
      assert.deepEqual(await caller.act('jobs', 'history', job.id, { limit: 5 }), [])
      assert.equal((await caller.act('jobs', 'stop', job.id)).runtime.running, false)
      await refuses(caller.act('jobs', 'start', job.id), 409)
      await refuses(caller.act('jobs', 'start', 'nobody'), 404)
      await refuses(caller.act('jobs', 'logs', job.id, { limit: 'all' }), 400)
      assert.equal((await caller.ask('auth', 'verify', { token: place.admin.token })).valid, true)
      assert.equal((await caller.ask('auth', 'me')).id, place.admin.id)
      await caller.remove('jobs', job.id)
      await caller.remove('cameras', cameraId)
    })

    it('says what is wrong, and with which field', async () => {
      await assert.rejects(caller.create('cameras', { name: 5 }), (error) => {
        const { status, fields, message } = caller.failureOf(error)
        assert.deepEqual([status, fields], [400, ['name', 'protocol']])
        assert.match(message, /protocol/)
        return true
      })
      await refuses(caller.find('cameras', { colour: 'red' }), 400)
      await refuses(caller.create('users', { email: 'admin@example.org' }), 409)
    })

    if (!kind.hasEvents) return

    it('tells what happens', async () => {
      await place.platform.drain()
      const hear = (event: string): Promise<any> =>
        new Promise((resolve) => {
          const stop = caller.on('cameras', event, (payload) => {
            stop()
            resolve(payload)
          })
        })
      const created = hear('created')
      const { body: made } = await place.admin.api('POST', '/cameras', camera)
      assert.deepEqual(await created, made)
      const patched = hear('patched')
      await caller.patch('cameras', made.id, { location: 'North' })
      assert.equal((await patched).location, 'North')
      const updated = hear('updated')
      await place.admin.api('PUT', `/cameras/${made.id}`, camera)
      assert.equal((await updated).location, null)
      const removed = hear('removed')
      await caller.remove('cameras', made.id)
      assert.equal((await removed).id, made.id)
    })
  })
}
