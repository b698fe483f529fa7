import assert from 'node:assert/strict'
import { definePlugin } from '@signalbox/plugin'
import { recorder } from '@signalbox/recorder'
import { WebSocket } from 'ws'
import { once } from 'node:events'
import { startTestPlatform } from '../support/startTestPlatform.ts'
import { call, fails, onEachDatabase, raw, type Place } from './support.ts'

const token = 'prometheus-reads-this'

const door = definePlugin({
  name: '@signalbox/door',
  version: '1.0.0',
  platform: '^1.0.0',
  start: async (ctx) => ctx.door({ path: '/ws', onConnection: () => {} })
})

const ofOneNode = (place: Place): void => {
  const scrape = async (authorization = `Bearer ${place.admin.token}`) => {
    const response = await fetch(`${place.platform.url}/metrics`, { headers: { authorization } })
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text()
    }
  }
  const value = (text: string, series: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `))
    assert.ok(line, `${series} in\n${text}`)
    return Number(line.slice(series.length + 1))
  }

  it('are written for Prometheus: every line a comment or a sample, every metric declared once', async () => {
    const { status, type, text } = await scrape()
    assert.equal(status, 200)
    assert.equal(type, 'text/plain; version=0.0.4; charset=utf-8')
    const declared = [...text.matchAll(/^# TYPE (\w+) (?:counter|gauge|histogram)$/gm)].map(
      ([, name]) => name
    )
    assert.equal(new Set(declared).size, declared.length)
    const series = new Set<string>()
    for (const line of text.split('\n').filter((one) => one && !one.startsWith('#'))) {
      const [, name, labels = ''] =
        /^(\w+)(\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})? [-+.\deInfNa]+$/.exec(line) ?? []
      assert.ok(name, line)
      assert.ok(declared.includes(name) || declared.includes(name.replace(/_(bucket|sum|count)$/, '')), line)
      assert.ok(!series.has(name + labels), `twice: ${line}`)
      series.add(name + labels)
    }
  })

  it('tell of the feed, the loop, the pool, sockets, doors, plugins and tasks', async () => {
    const socket = await place.admin.socket()
    const peer = new WebSocket(`${place.platform.url.replace('http', 'ws')}/ws`)
    await once(peer, 'open')
    const before = value((await scrape()).text, 'signalbox_feed_seq')
    await place.admin.api('POST', '/cameras', { name: 'Gate', protocol: 'test' })
    await place.platform.drain()
    const { text } = await scrape()
    assert.equal(value(text, 'signalbox_feed_seq'), before + 1)
    assert.equal(value(text, 'signalbox_feed_unnumbered'), 0)
    assert.equal(value(text, 'signalbox_feed_lag_seconds'), 0)
    assert.ok(value(text, 'signalbox_event_loop_delay_seconds{quantile="0.99"}') >= 0)
    assert.ok(value(text, 'signalbox_event_loop_delay_seconds{quantile="0.99"}') < 60)
    assert.equal(value(text, 'signalbox_database_up'), 1)
    for (const state of ['used', 'idle', 'waiting'])
      assert.ok(value(text, `signalbox_database_connections{state="${state}"}`) >= 0)
    assert.equal(value(text, 'signalbox_sockets'), 1)
    assert.ok(value(text, 'signalbox_rooms') > 3)
    assert.equal(value(text, 'signalbox_sockets_dropped_total'), 0)
    assert.equal(value(text, 'signalbox_door_connections{door="/ws"}'), 1)
    assert.equal(value(text, 'signalbox_plugin_state{plugin="recorder",state="running"}'), 1)
    assert.equal(value(text, 'signalbox_task_failed{task="core.expiry"}'), 0)
    assert.ok(value(text, 'process_resident_memory_bytes') > 1e7)
    peer.close()
    socket.disconnect()
  })

  it('count requests by the pattern of their route, never by their path', async () => {
    await place.admin.api('GET', '/cameras/some-secret-id')
    await place.admin.api('GET', '/no/such/place')
    await place.platform.api('GET', '/cameras')
    const socket = await place.admin.socket()
    await call(socket, 'get', 'cameras', 'some-secret-id')
    await call(socket, 'nonsense', 'some-secret-path')
    const { text } = await scrape()
    assert.ok(
      value(text, 'signalbox_http_requests_total{method="GET",route="/api/cameras/:id",status="404"}') >= 1
    )
    assert.ok(value(text, 'signalbox_http_requests_total{method="GET",route="none",status="404"}') >= 1)
    assert.ok(
      value(text, 'signalbox_http_requests_total{method="GET",route="/api/cameras",status="401"}') >= 1
    )
    const seconds = 'signalbox_http_request_duration_seconds'
    const of = 'method="GET",route="/api/cameras/:id"'
    assert.ok(value(text, `${seconds}_bucket{${of},le="+Inf"}`) >= 1)
    assert.ok(value(text, `${seconds}_sum{${of}}`) > 0)
    assert.equal(value(text, `${seconds}_count{${of}}`), value(text, `${seconds}_bucket{${of},le="+Inf"}`))
    assert.ok(value(text, 'signalbox_socket_calls_total{call="cameras.get",status="404"}') >= 1)
    assert.ok(value(text, 'signalbox_socket_calls_total{call="none",status="404"}') >= 1)
    assert.doesNotMatch(text, /some-secret|no\/such/)
    socket.disconnect()
  })

  it('are for those who may read them, and the same as JSON at their service', async () => {
    const { url } = place.platform
    const headers = (who: { token: string }) => ({ authorization: `Bearer ${who.token}` })
    await fails(raw(url, '/metrics'), 401)
    await fails(raw(url, '/metrics', { headers: { authorization: 'Bearer nonsense' } }), 401)
    await fails(raw(url, '/metrics', { headers: headers(await place.person('viewer')) }), 403)
    const operator = await place.person('operator')
    assert.equal((await scrape(`Bearer ${operator.token}`)).status, 200)
    const { status, body } = await operator.api('GET', '/metrics')
    assert.equal(status, 200)
    assert.ok(body.metrics.some(({ name }: { name: string }) => name === 'signalbox_feed_seq'))
  })
}

onEachDatabase('Metrics', [recorder, door], ofOneNode, { onTwoNodes: false })

describe('Metrics, by configuration', function () {
  this.timeout(60_000)

  it('are open to all, or to one token that opens nothing else', async () => {
    const open = await startTestPlatform({ metrics: { public: true } })
    try {
      assert.equal((await fetch(`${open.url}/metrics`)).status, 200)
      assert.equal((await open.api('GET', '/metrics')).status, 401)
    } finally {
      await open.stop()
    }
    const guarded = await startTestPlatform({ metrics: { token } })
    try {
      const read = (given: string) =>
        fetch(`${guarded.url}/metrics`, { headers: { authorization: `Bearer ${given}` } })
      assert.equal((await read(token)).status, 200)
      assert.equal((await read(`${token}x`)).status, 401)
      assert.equal((await read('')).status, 401)
      const { status } = await guarded.api('GET', '/status', undefined, { authorization: `Bearer ${token}` })
      assert.equal(status, 401)
      assert.equal(
        (await guarded.api('GET', '/metrics', undefined, { authorization: `Bearer ${token}` })).status,
        401
      )
    } finally {
      await guarded.stop()
    }
  })
})
