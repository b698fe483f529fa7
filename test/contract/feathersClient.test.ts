import assert from 'node:assert/strict'
import rest from '@feathersjs/rest-client'
import socketio from '@feathersjs/socketio-client'
import { recorder } from '@signalbox/recorder'
import { withMethods } from './callers.ts'
import { onEachDatabase } from './support.ts'

/** What only a Feathers client does; all that every client does is in `clients.test.ts`. */
onEachDatabase('A stock Feathers client', [recorder], (place) => {
  const overRest = async (): Promise<any> =>
    withMethods(
      rest.default(`${place.platform.url}/api`).fetch(
        globalThis.fetch as never,
        {
          headers: { Authorization: `Bearer ${place.admin.token}` }
        } as never
      )
    )
  const overSocket = async (): Promise<any> =>
    withMethods(socketio.default((await place.admin.socket()) as never))

  for (const [way, connect] of [
    ['REST', overRest],
    ['Socket.IO', overSocket]
  ] as const) {
    it(`asks for some fields of a window over ${way}`, async () => {
      const cameras = (await connect()).service('cameras')
      const { id } = await cameras.create({ name: 'Gate', protocol: 'test' })
      const page = await cameras.find({ query: { $limit: 1, $sort: { createdAt: -1 }, $select: ['name'] } })
      assert.deepEqual(page, { total: page.total, limit: 1, skip: 0, data: [{ id, name: 'Gate' }] })
      await cameras.remove(id)
    })

    it(`signs in with its own strategy over ${way}`, async () => {
      const app = await connect()
      const signedIn = await app
        .service('authentication')
        .create({ strategy: 'jwt', accessToken: place.admin.token })
      assert.equal(signedIn.user.id, place.admin.id)
    })

    it(`gets the errors of Feathers over ${way}`, async () => {
      const app = await connect()
      await assert.rejects(app.service('cameras').get('nobody'), {
        name: 'NotFound',
        code: 404,
        className: 'not-found'
      })
      await assert.rejects(app.service('cameras').find({ query: { $limit: 'abc' } }), {
        name: 'BadRequest',
        code: 400,
        message: 'Invalid parameters'
      })
      await assert.rejects(app.service('jobs').start({}), { code: 400 })
      await assert.rejects(app.service('users').create({ email: 'admin@example.org' }), {
        name: 'Conflict',
        code: 409
      })
    })
  }
})
