import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import { importClient } from '../../test/support/importClient.ts'
import { nextEvent } from '../../test/support/nextEvent.ts'
import {
  startTestPlatform,
  type TestClient,
  type TestPlatform
} from '../../test/support/startTestPlatform.ts'
import { startStation, type Station } from '../../test/support/startStation.ts'
import { weather } from './plugin.ts'

describe('The weather plugin', function () {
  this.timeout(60_000)
  let station: Station
  let platform: TestPlatform
  let admin: TestClient
  let id: string

  before(async () => {
    station = await startStation()
    platform = await startTestPlatform({ plugins: [recorder(), weather({ intervalSeconds: 3600 })] })
    admin = await platform.admin()
    const created = await admin.api('POST', '/stations', { name: 'Roof', url: station.url, apiKey: 'k3y' })
    assert.equal(created.status, 201, JSON.stringify(created.body))
    assert.ok(!('apiKey' in created.body))
    id = created.body.id
  })

  after(async () => {
    await platform?.stop()
    station?.stop()
  })

  it('measures, keeps what it measured, and announces the change', async () => {
    const socket = await admin.socket()
    const changed = nextEvent(socket, 'station-changed', { matches: ({ action }) => action === 'patched' })
    const { status, body } = await admin.api('POST', `/stations/${id}/measure`)
    assert.equal(status, 200)
    assert.deepEqual(body, { temperature: 11.5, windSpeed: 3 })
    const { record, seq } = await changed
    assert.equal(record.temperature, 11.5)
    assert.equal(typeof seq, 'number')
    assert.ok(!JSON.stringify(record).includes('k3y'))
  })

  it('lets an operator measure and a viewer only look', async () => {
    const [operator, viewer] = [await platform.client('operator'), await platform.client('viewer')]
    assert.equal((await operator.api('POST', `/stations/${id}/measure`)).status, 200)
    assert.equal((await viewer.api('GET', `/stations/${id}`)).status, 200)
    assert.equal((await viewer.api('POST', `/stations/${id}/measure`)).status, 403)
  })

  it('tells those who follow a station, and nobody who may not read it', async () => {
    const socket = await admin.socket()
    const following = nextEvent(socket, 'following')
    socket.emit('follow:station', id)
    assert.deepEqual(await following, { room: `station:${id}` })
    const told = nextEvent(socket, 'measurement')
    await admin.api('POST', `/stations/${id}/measure`)
    assert.equal((await told).stationId, id)

    await admin.api('PATCH', '/settings', { 'weather.gustSpeed': 0 })
    const left = nextEvent(socket, 'unfollowed')
    socket.emit('unfollow:station', id)
    assert.deepEqual(await left, { room: `station:${id}` })
    const heard: string[] = []
    socket.onAny((event: string) => heard.push(event))
    // A gust is told after the measurement.
    const gust = nextEvent(socket, 'gust')
    await admin.api('POST', `/stations/${id}/measure`)
    await gust
    assert.ok(!heard.includes('measurement'))

    const stranger = await (await platform.client()).socket()
    const refused = nextEvent(stranger, 'error')
    stranger.emit('follow:station', id)
    assert.equal((await refused).error, 'Forbidden')
  })

  it('is followed by the generated client, which leaves at the end', async () => {
    const { createClient, remove } = await importClient(platform.url)
    const client = createClient({ url: platform.url })
    try {
      await client.signIn({ email: 'admin@example.org', password: 'correct horse battery' })
      const room = client['stations'].follow(id)
      await room.ready
      const heard = room.events('measurement')[Symbol.asyncIterator]()
      const next = heard.next()
      assert.equal((await client['stations'].measure(id)).windSpeed, 3)
      assert.deepEqual((await next).value, { stationId: id, temperature: 11.5, windSpeed: 3 })
      assert.equal((await client['cameras'].find({ stationId: id })).length, 0)
      room.close()
      await assert.rejects(client['stations'].follow('nowhere').ready, { code: 'notFound' })
    } finally {
      client.close()
      await remove()
    }
  })

  it('calls a wind a gust from the speed that the setting says', async () => {
    const socket = await admin.socket()
    station.wind(9)
    assert.equal((await admin.api('PATCH', '/settings', { 'weather.gustSpeed': -1 })).status, 400)
    assert.equal((await admin.api('PATCH', '/settings', { 'weather.gustSpeed': 8 })).status, 200)
    const gust = nextEvent(socket, 'gust')
    await admin.api('POST', `/stations/${id}/measure`)
    assert.deepEqual(await gust, { stationId: id, name: 'Roof', windSpeed: 9 })
  })

  it('adds a station and its weather to the recorder’s cameras', async () => {
    const camera = { name: 'Roof camera', protocol: 'test' }
    const refused = await admin.api('POST', '/cameras', { ...camera, stationId: 'nowhere' })
    assert.equal(refused.status, 400)
    assert.equal(refused.body.errors[0].field, 'stationId')
    const { body: created } = await admin.api('POST', '/cameras', { ...camera, stationId: id })
    assert.equal(created.stationId, id)
    const { body: found } = await admin.api('GET', `/cameras/${created.id}/weather`)
    assert.equal(found.temperature, 11.5)
    assert.equal((await admin.api('DELETE', `/stations/${id}`)).status, 409)
    assert.equal((await admin.api('DELETE', `/cameras/${created.id}`)).status, 200)
  })

  it('answers 503 for a station that is away', async () => {
    const { body } = await admin.api('POST', '/stations', { name: 'Gone', url: 'http://127.0.0.1:9/' })
    assert.equal((await admin.api('POST', `/stations/${body.id}/measure`)).status, 503)
    await admin.api('DELETE', `/stations/${body.id}`)
  })

  it('asks every station by itself, as often as the configuration says', async () => {
    const often = await startTestPlatform({ plugins: [recorder(), weather({ intervalSeconds: 1 })] })
    try {
      const client = await often.admin()
      const socket = await client.socket()
      const changed = nextEvent(socket, 'station-changed', { matches: ({ action }) => action === 'patched' })
      await client.api('POST', '/stations', { name: 'Roof', url: station.url, apiKey: 'k3y' })
      assert.equal((await changed).record.windSpeed, 9)
    } finally {
      await often.stop()
    }
  })
})
