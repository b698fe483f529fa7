import assert from 'node:assert/strict'
import { isPlatformError } from '@signalbox/plugin'
import { cameras, recorder } from '@signalbox/recorder'
import { testPlatform, type Person, type TestPlatform } from '@signalbox/testing'
import { importClient } from '../../test/support/importClient.ts'
import { startStation, type Station } from '../../test/support/startStation.ts'
import { weather } from './plugin.ts'
import { stations } from './resources/stations.ts'

describe('The weather plugin', function () {
  this.timeout(60_000)
  let station: Station
  let platform: TestPlatform
  let admin: Person
  let id: string

  before(async () => {
    station = await startStation()
    platform = await testPlatform({ plugins: [recorder(), weather({ intervalSeconds: 60 })] })
    admin = await platform.admin()
    const created = await admin.service(stations).create({ name: 'Roof', url: station.url, apiKey: 'k3y' })
    assert.ok(!('apiKey' in created))
    id = created.id
  })

  beforeEach(() => platform.events.clear())

  after(async () => {
    await platform?.stop()
    station?.stop()
  })

  it('measures, keeps what it measured, and announces the change', async () => {
    const measured = await admin.service(stations).measure(id)
    assert.deepEqual(measured, { temperature: 11.5, windSpeed: 3 })
    const { record, seq } = await platform.events.next('station-changed', {
      matches: ({ action }) => action === 'patched'
    })
    assert.equal(record.temperature, 11.5)
    assert.equal(record.measuredAt, platform.clock.now().toISOString())
    assert.equal(typeof seq, 'number')
    assert.ok(!JSON.stringify(record).includes('k3y'))
  })

  it('lets an operator measure and a viewer only look', async () => {
    const [operator, viewer] = [await platform.client('operator'), await platform.client('viewer')]
    await operator.service(stations).measure(id)
    assert.equal((await viewer.service(stations).get(id)).name, 'Roof')
    await assert.rejects(viewer.service(stations).measure(id), (error) => isPlatformError(error, 'forbidden'))
  })

  it('tells those who follow a station, and nobody who may not read it', async () => {
    const follower = await platform.client('viewer')
    const socket = await follower.socket()
    socket.emit('follow:station', id)
    assert.deepEqual(await follower.events.next('following'), { room: `station:${id}` })
    await admin.service(stations).measure(id)
    assert.equal((await follower.events.next('measurement')).stationId, id)
    await platform.settled()
    assert.deepEqual(platform.events.of('measurement'), [], 'the administrator does not follow it')

    socket.emit('unfollow:station', id)
    assert.deepEqual(await follower.events.next('unfollowed'), { room: `station:${id}` })
    follower.events.clear()
    await admin.service(stations).measure(id)
    await platform.settled()
    assert.deepEqual(follower.events.of('measurement'), [])

    const stranger = await platform.client()
    const refused = await stranger.socket()
    refused.emit('follow:station', id)
    assert.equal((await stranger.events.next('error')).error, 'Forbidden')
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
    station.wind(9)
    assert.equal((await admin.api('PATCH', '/settings', { 'weather.gustSpeed': -1 })).status, 400)
    assert.equal((await admin.api('PATCH', '/settings', { 'weather.gustSpeed': 8 })).status, 200)
    await admin.service(stations).measure(id)
    const gust = await platform.events.next('gust')
    assert.deepEqual(gust, { stationId: id, name: 'Roof', windSpeed: 9 })
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
    await assert.rejects(admin.service(stations).remove(id), (error) => isPlatformError(error, 'conflict'))
    assert.equal((await admin.service(cameras).remove(created.id)).name, 'Roof camera')
  })

  it('answers 503 for a station that is away', async () => {
    const gone = await admin.service(stations).create({ name: 'Gone', url: 'http://127.0.0.1:9/' })
    await assert.rejects(admin.service(stations).measure(gone.id), (error) =>
      isPlatformError(error, 'unavailable')
    )
    await admin.service(stations).remove(gone.id)
  })

  it('asks every station by itself, as often as the configuration says', async () => {
    await platform.clock.advance(180_000)
    await platform.settled()
    const measuredAt = platform.events.of('station-changed').map(({ record }) => record.measuredAt)
    assert.equal(measuredAt.length, 3)
    const [first, , last] = measuredAt.map((time) => Date.parse(time))
    assert.equal(last! - first!, 120_000)
  })
})
