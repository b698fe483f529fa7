import assert from 'node:assert/strict'
import { once } from 'node:events'
import { feathers } from '@feathersjs/feathers'
import rest from '@feathersjs/rest-client'
import socketio from '@feathersjs/socketio-client'
import { recorder } from '@signalbox/recorder'
import type { Socket } from 'socket.io-client'
import { onEachDatabase } from './support.ts'

const camera = { name: 'Gate', protocol: 'test' }
const jobMethods = ['find', 'get', 'create', 'update', 'patch', 'remove', 'start', 'stop', 'logs', 'history']
const authMethods = ['login', 'verify', 'me']

function withMethods(app: any, connection: any): any {
  app.use('jobs', connection.service('jobs'), { methods: jobMethods })
  app.use('auth', connection.service('auth'), { methods: authMethods })
  return app
}

onEachDatabase('A stock Feathers client', [recorder], (place) => {
  let socket: Socket

  // Both packages are CommonJS, whose default export TypeScript finds one level down.
  const overRest = (): any => {
    const connection = rest.default(`${place.platform.url}/api`).fetch(
      globalThis.fetch as never,
      {
        headers: { Authorization: `Bearer ${place.admin.token}` }
      } as never
    )
    return withMethods(feathers().configure(connection), connection)
  }
  const overSocket = (): any => {
    const connection: any = socketio.default(socket as never)
    return withMethods(feathers().configure(connection), connection)
  }

  before(async () => {
    socket = await place.admin.socket()
  })

  for (const [way, connect] of [
    ['REST', overRest],
    ['Socket.IO', overSocket]
  ] as const) {
    it(`creates, reads, changes and removes over ${way}`, async () => {
      const cameras = connect().service('cameras')
      const made = await cameras.create({ ...camera, location: 'North' })
      assert.equal(made.version, 1)
      assert.deepEqual(await cameras.get(made.id), made)
      assert.deepEqual(await cameras.find({ query: { id: made.id } }), [made])
      const page = await cameras.find({ query: { $limit: 1, $sort: { createdAt: -1 }, $select: ['name'] } })
      assert.deepEqual(page, {
        total: page.total,
        limit: 1,
        skip: 0,
        data: [{ id: made.id, name: 'Gate' }]
      })
      const either = await cameras.find({
        query: { $or: [{ name: 'nothing' }, { location: { $in: ['North', 'South'] } }], enabled: true }
      })
      assert.deepEqual(either, [made])
      assert.equal((await cameras.patch(made.id, { location: 'South' })).location, 'South')
      const updated = await cameras.update(made.id, { ...camera, name: 'Yard' })
      assert.deepEqual([updated.name, updated.location, updated.version], ['Yard', null, 3])
      assert.deepEqual(await cameras.remove(made.id), updated)
      await assert.rejects(cameras.get(made.id), { name: 'NotFound', code: 404, className: 'not-found' })
    })

    it(`calls methods of a record and of a service over ${way}`, async () => {
      const app = connect()
      const { id: cameraId } = await app.service('cameras').create({ ...camera, enabled: false })
      const job = await app.service('jobs').create({ name: 'Gate', cameraId })
      assert.deepEqual(await app.service('jobs').logs({ id: job.id }), { jobId: job.id, lines: [] })
      assert.deepEqual(await app.service('jobs').history({ id: job.id, limit: 5 }), [])
      assert.equal((await app.service('jobs').stop({ id: job.id })).runtime.running, false)
      await assert.rejects(app.service('jobs').start({ id: job.id }), { code: 409 })
      await assert.rejects(app.service('jobs').start({ id: 'nobody' }), { code: 404 })
      await assert.rejects(app.service('jobs').start({}), { code: 400 })
      assert.equal((await app.service('auth').verify({ token: place.admin.token })).valid, true)
      const signedIn = await app
        .service('authentication')
        .create({ strategy: 'jwt', accessToken: place.admin.token })
      assert.equal(signedIn.user.id, place.admin.id)
      await app.service('jobs').remove(job.id)
      await app.service('cameras').remove(cameraId)
    })

    it(`is told what is wrong over ${way}`, async () => {
      const app = connect()
      await assert.rejects(app.service('cameras').create({ name: 5 }), (error: any) => {
        assert.equal(error.name, 'BadRequest')
        assert.equal(error.code, 400)
        assert.deepEqual(error.errors.map(({ field }: { field: string }) => field).toSorted(), [
          'name',
          'protocol'
        ])
        return true
      })
      await assert.rejects(app.service('cameras').find({ query: { $limit: 'abc' } }), {
        code: 400,
        message: 'Invalid parameters'
      })
      await assert.rejects(app.service('cameras').find({ query: { colour: 'red' } }), { code: 400 })
      await assert.rejects(app.service('users').create({ email: 'admin@example.org' }), {
        name: 'Conflict',
        code: 409
      })
    })
  }

  it('hears the events of a service', async () => {
    await place.platform.drain()
    const cameras = overSocket().service('cameras')
    const hear = (event: string) => once(cameras as never, event).then(([record]) => record as any)
    const created = hear('created')
    const { body: made } = await place.admin.api('POST', '/cameras', camera)
    assert.deepEqual(await created, made)
    const patched = hear('patched')
    await cameras.patch(made.id, { location: 'North' })
    assert.equal((await patched).location, 'North')
    const updated = hear('updated')
    await place.admin.api('PUT', `/cameras/${made.id}`, camera)
    assert.equal((await updated).location, null)
    const removed = hear('removed')
    await cameras.remove(made.id)
    assert.equal((await removed).id, made.id)
  })
})
