import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import type { WebSocket } from 'ws'
import { nextEvent } from '../support/nextEvent.ts'
import { until } from '../support/until.ts'
import { estate, lamps } from './estate.ts'
import { assertFailure, listen, onEachDatabase, type Person } from './support.ts'

interface Standing {
  readonly seq: number
  readonly epoch: string
}

interface Client {
  readonly socket: Socket
  readonly hello: Standing
  readonly heard: ReturnType<typeof listen>
}

onEachDatabase('Resume', [estate.plugin], (place) => {
  before(async () => {
    const { scopes } = estate.running
    for (const id of ['here', 'there']) await scopes.put({ id, kind: 'site' })
    await scopes.put({ id: 'corner', parentId: 'here', kind: 'place' })
  })

  const made = async (path: string, data: object) => {
    const { status, body } = await place.admin.api('POST', path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const patched = async (path: string, data: object) => {
    const { status, body } = await place.admin.api('PATCH', path, data)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const grantTo = ({ id }: Person, scope: string, more: object = {}) =>
    made('/grants', { subjectType: 'user', subjectId: id, permission: 'lamps:read', scope, ...more })
  /** Connects, and hears everything from the first event on. */
  const connect = async ({ token }: Person): Promise<Client> => {
    const socket = place.platform.unconnected({ token })
    const heard = listen(socket)
    const hello = nextEvent<Standing>(socket, 'hello')
    socket.connect()
    return { socket, heard, hello: await hello }
  }
  const resume = async (socket: Socket, from: object): Promise<{ error: any; result: Standing }> =>
    new Promise((resolve, reject) => {
      socket
        .timeout(20_000)
        .emit('resume', from, (late: Error | null, error: any, result: any) =>
          late ? reject(late) : resolve({ error, result })
        )
    })
  /** `count` lamps, in one unit of work. */
  const makeLamps = (count: number, siteId: string | null, name = 'Missed') =>
    estate.running.unitOfWork(async () => {
      for (let n = 0; n < count; n++)
        await estate.running.service(lamps).create({ name: `${name} ${n}`, ...(siteId && { siteId }) })
    })
  const wholes = ({ heard }: Client) =>
    heard
      .filter(({ event, payload }) => event === 'lamp-changed' && payload.seq)
      .map(({ payload }) => payload)
  const seqsOf = (client: Client): number[] => wholes(client).map(({ seq }) => seq)
  const ascending = (seqs: readonly number[]): number[] =>
    [...new Set(seqs)].toSorted((one, other) => one - other)

  it('greets a socket with where the feed stands and what it may read', async () => {
    const person = await place.person()
    await grantTo(person, 'any')
    await place.platform.drain()
    const { body } = await place.admin.api('GET', '/changes?limit=1000')
    const { hello } = await connect(person)
    assert.equal(hello.seq, body.next)
    assert.match(hello.epoch, /lamps~/)
  })

  it('tells a thousand changes that were missed, none lost, in order, before anything newer', async () => {
    const person = await place.person()
    await grantTo(person, 'here')
    const first = await connect(person)
    first.socket.disconnect()
    await makeLamps(1000, 'corner')
    await makeLamps(10, 'there', 'Elsewhere')
    await place.platform.drain()
    const again = await connect(person)
    const stopping = new AbortController()
    const writing = (async () => {
      let count = 0
      for (; !stopping.signal.aborted; count++)
        await made('/lamps', { name: `Newer ${count}`, siteId: 'here' })
      return count
    })()
    const { error, result } = await resume(again.socket, { since: first.hello.seq, epoch: first.hello.epoch })
    stopping.abort()
    const newer = await writing
    assert.equal(error, null)
    assert.equal(result.epoch, first.hello.epoch)
    await until('all', () => ascending(seqsOf(again)).length === 1000 + newer)
    const afterResume = wholes(again).filter(({ record }) => record.name.startsWith('Missed'))
    assert.deepEqual(
      afterResume.map(({ record }) => record.name),
      Array.from({ length: 1000 }, (_, n) => `Missed ${n}`)
    )
    const replayed = seqsOf(again)
    const begin = replayed.indexOf(afterResume[0].seq)
    assert.deepEqual(replayed.slice(begin), ascending(replayed.slice(begin)))
    assert.equal(again.heard.filter(({ event }) => event === 'reset').length, 0)
    assert.ok(!JSON.stringify(again.heard).includes('Elsewhere'))
    assert.equal(again.heard.filter(({ event }) => event === 'lamps created').length, 1000 + newer)
  })

  it('gives each of its sockets the same, in any number of drops, to be told apart by seq alone', async () => {
    const person = await place.person()
    await grantTo(person, 'any')
    const from = (await connect(person)).hello
    let { seq, epoch } = from
    const all: number[] = []
    const stopping = new AbortController()
    const writing = (async () => {
      let count = 0
      for (; !stopping.signal.aborted; count++) await made('/lamps', { name: `Dropped ${count}` })
      return count
    })()
    for (let drop = 0; drop < 5; drop++) {
      const client = await connect(person)
      await resume(client.socket, { since: seq, epoch })
      await nextEvent(client.socket, 'lamp-changed')
      client.socket.disconnect()
      all.push(...seqsOf(client))
      seq = Math.max(seq, ...seqsOf(client))
      epoch = client.hello.epoch
    }
    stopping.abort()
    const count = await writing
    await place.platform.drain()
    const last = await connect(person)
    await resume(last.socket, { since: seq, epoch })
    all.push(...seqsOf(last))
    assert.equal(ascending(all).length, count)
  })

  it('says what to read anew where rights changed meanwhile, and tells the rest', async () => {
    const person = await place.person()
    const grant = await grantTo(person, 'here')
    await made('/grants', { subjectType: 'user', subjectId: person.id, permission: 'roles:read' })
    const first = await connect(person)
    first.socket.disconnect()
    await makeLamps(3, 'here', 'Before')
    const role = await made('/roles', { label: 'Told anyway' })
    await patched(`/grants/${grant.id}`, { scope: 'there' })
    await place.platform.drain()
    const again = await connect(person)
    assert.notEqual(again.hello.epoch, first.hello.epoch)
    const { result } = await resume(again.socket, { since: first.hello.seq, epoch: first.hello.epoch })
    assert.equal(result.epoch, again.hello.epoch)
    const resets = again.heard.filter(({ event }) => event === 'reset').map(({ payload }) => payload)
    assert.deepEqual(
      resets.map(({ resource, all }) => [resource, all]),
      [['lamps', undefined]]
    )
    assert.deepEqual(wholes(again), [])
    assert.ok(again.heard.some(({ event, payload }) => event === 'role-changed' && payload.id === role.id))
    await made('/lamps', { name: 'After', siteId: 'there' })
    await until('the next change', () => wholes(again).some(({ record }) => record.name === 'After'))
  })

  it('says so for a node that moved meanwhile', async () => {
    const { scopes } = estate.running
    await scopes.put({ id: 'shed', parentId: 'there', kind: 'place' })
    const person = await place.person()
    await grantTo(person, 'there')
    const { socket, hello } = await connect(person)
    socket.disconnect()
    await scopes.move('shed', 'here')
    await place.platform.drain()
    const again = await connect(person)
    await resume(again.socket, { since: hello.seq, epoch: hello.epoch })
    assert.deepEqual(
      again.heard.filter(({ event }) => event === 'reset').map(({ payload }) => payload.resource),
      ['lamps']
    )
  })

  it('tells removed of what went out of reach meanwhile', async () => {
    const person = await place.person()
    await grantTo(person, 'here')
    const lamp = await made('/lamps', { name: 'Goes', siteId: 'corner' })
    await place.platform.drain()
    const first = await connect(person)
    first.socket.disconnect()
    await patched(`/lamps/${lamp.id}`, { siteId: 'there', name: 'Gone' })
    await patched(`/lamps/${lamp.id}`, { name: 'Far gone' })
    await place.platform.drain()
    const again = await connect(person)
    await resume(again.socket, { since: first.hello.seq, epoch: first.hello.epoch })
    assert.deepEqual(
      wholes(again).map(({ id, action, record }) => [id, action, record]),
      [[lamp.id, 'removed', undefined]]
    )
    assert.ok(!JSON.stringify(again.heard).includes('one'))
  })

  it('stops in the middle where a right is withdrawn, and tells nothing after it', async () => {
    const person = await place.person()
    const grant = await grantTo(person, 'any')
    const first = await connect(person)
    first.socket.disconnect()
    await makeLamps(2000, 'here', 'x'.repeat(5000))
    await place.platform.drain()
    const again = await connect(person)
    const resumed = resume(again.socket, { since: first.hello.seq, epoch: first.hello.epoch })
    await nextEvent(again.socket, 'lamp-changed')
    // Who does not read is waited for, until the loss has been heard.
    const { ws } = again.socket.io.engine.transport as unknown as { readonly ws: WebSocket }
    ws.pause()
    assert.equal((await place.admin.api('DELETE', `/grants/${grant.id}`)).status, 200)
    await place.platform.drain()
    ws.resume()
    await resumed
    const reset = again.heard.findIndex(({ event }) => event === 'reset')
    assert.ok(reset > 0)
    const told = again.heard.filter(({ payload }) => payload?.record)
    assert.ok(told.length < 2000, String(told.length))
    assert.ok(again.heard.slice(reset).every(({ payload }) => !payload?.record))
  })

  it('says to read everything anew where the feed is not kept so long, or is not this one', async () => {
    const person = await place.person()
    await grantTo(person, 'any')
    const { socket, heard, hello } = await connect(person)
    for (const from of [{ since: hello.seq + 100_000 }, { since: hello.seq, epoch: 'of ~ another ~ kind' }]) {
      const reset = nextEvent(socket, 'reset')
      const { error } = await resume(socket, from)
      assert.equal(error, null)
      const { all, seq, epoch } = await reset
      assert.deepEqual([all, typeof seq, epoch], [true, 'number', hello.epoch])
    }
    await estate.running.db()('core_changes').where('seq', '<=', 5).delete()
    const reset = nextEvent(socket, 'reset')
    await resume(socket, { since: 2 })
    assert.equal((await reset).all, true)
    assert.deepEqual(
      heard.filter(({ event }) => event === 'lamp-changed'),
      []
    )
  })

  it('refuses a resume that makes no sense', async () => {
    const { socket } = await connect(await place.person())
    for (const from of [undefined, null, 5, [], {}, { since: -1 }, { since: '1' }, { since: 1, epoch: 5 }]) {
      const { error } = await resume(socket, from as object)
      assert.equal(error.error, 'Invalid parameters', JSON.stringify(from))
    }
  })

  it('tells the same over REST: an epoch, and what to read anew', async () => {
    const person = await place.person()
    const grant = await grantTo(person, 'here')
    await place.platform.drain()
    const { body: start } = await person.api('GET', '/changes?since=0&limit=1000&epoch=')
    assert.match(start.epoch, /lamps~/)
    const { hello } = await connect(person)
    assert.equal(start.epoch, hello.epoch)
    const read = async (epoch: string) =>
      (await person.api('GET', `/changes?since=${hello.seq}&epoch=${encodeURIComponent(epoch)}`)).body
    await makeLamps(2, 'corner', 'Over REST')
    await place.platform.drain()
    const same = await read(hello.epoch)
    assert.deepEqual(
      [same.epoch, same.reset, same.resetOf, same.changes.length],
      [hello.epoch, undefined, undefined, 2]
    )
    await patched(`/grants/${grant.id}`, { scope: 'corner' })
    await place.platform.drain()
    const other = await read(hello.epoch)
    assert.deepEqual(other.resetOf, ['lamps'])
    assert.equal((await read('of ~ another ~ kind')).reset, true)
    assertFailure((await person.api('GET', '/changes?since=x&epoch=')).body, 400)
  })

  it('does not keep others waiting while it tells many thousands', async () => {
    const [slow, other] = [await place.person(), await place.person()]
    await grantTo(slow, 'any')
    await grantTo(other, 'there')
    const since = (await connect(slow)).hello.seq
    const count = place.databaseUrl === undefined ? 4000 : 10_000
    for (let n = 0; n < count / 1000; n++) await makeLamps(1000, 'here', 'Of many')
    await place.platform.drain()
    const [catching, listening] = [await connect(slow), await connect(other)]
    const resumed = resume(catching.socket, { since })
    const through = new AbortController()
    void resumed.then(() => through.abort())
    const delays: number[] = []
    while (!through.signal.aborted) {
      const heard = nextEvent(listening.socket, 'lamp-changed', {
        matches: ({ record }) => record?.siteId === 'there'
      })
      const begun = performance.now()
      await made('/lamps', { name: 'Meanwhile', siteId: 'there' })
      await heard
      delays.push(performance.now() - begun)
    }
    assert.equal((await resumed).error, null)
    assert.ok(ascending(seqsOf(catching)).length >= count)
    assert.ok(Math.max(...delays) < 1000, `waited ${Math.max(...delays)} ms`)
  })
})
