import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from 'mocha'
import { io, type Socket } from 'socket.io-client'
import { findFfmpeg } from '../support/fakeCamera/index.ts'
import type { Answer } from '../support/startTestPlatform.ts'
import { until as untilSoon } from '../support/until.ts'
import { assertNothingLost } from './assertNothingLost.ts'
import { assertPlays } from '../support/assertPlays.ts'
import { startedWith } from './processes.ts'
import { startSeparableNodes, type SeparableNodes } from './separableNodes.ts'
import { stageMark } from './stage.ts'
import type { NodeProcess } from './startNodes.ts'
import { startWriters, type Writers } from './writers.ts'

const password = 'correct horse battery'
/** A lease lasts six seconds, as does the doubt whether a silent server is one; a busy machine takes its time too. */
const until: typeof untilSoon = (what, ask) => untilSoon(what, ask, { timeoutMs: 45_000 })

// The cable is a veth pair: once it is pulled the kernel drops every packet, and no connection is closed.
describe('A node whose cable to the database is pulled', function () {
  this.timeout(180_000)
  const undo: (() => Promise<unknown>)[] = []
  let nodes: SeparableNodes
  let far: NodeProcess
  let near: NodeProcess

  beforeEach(async function () {
    nodes = await startSeparableNodes(this, (step) => undo.unshift(step))
    ;({ far, near } = nodes)
  })

  afterEach(async () => {
    const faults: unknown[] = []
    for (const step of undo.splice(0)) await step().catch((error: unknown) => faults.push(error))
    if (faults.length) throw faults[0]
  })

  const onStage = ({ instance }: NodeProcess): Promise<number[]> => startedWith(`${stageMark}=${instance}`)
  const recording = ({ instance }: NodeProcess): Promise<number[]> =>
    startedWith(`SIGNALBOX_INSTANCE=${instance}`)
  /** Who owns the leases of six seconds; that of the numbering lasts two, which a busy machine may miss. */
  async function owners(): Promise<(string | undefined)[]> {
    const { 'recorder/recording': recorder, 'stage/stage': stage } = await nodes.owners()
    return [recorder, stage]
  }

  /** When a node's process came on the stage, or went, by the clock of this machine. */
  async function timeOn(node: 'far' | 'near', what: 'came' | 'went'): Promise<number> {
    const times = await readFile(join(nodes.dataOf(node), 'stage', 'times'), 'utf8')
    return Number(new RegExp(`^${what} (\\d+)$`, 'm').exec(times)?.[1])
  }

  it('lets go of its leases before another has them; nothing acknowledged is lost, and nothing told twice', async () => {
    const listeners = await Promise.all([far.listen(), near.listen()])
    for (const { socket } of listeners) undo.unshift(async () => socket.disconnect())
    const write = (node: NodeProcess): Writers => {
      const writers = startWriters(node, { clients: 4, goOn: true })
      undo.unshift(() => writers.stop())
      return writers
    }
    const [atFar, atNear] = [write(far), write(near)]
    await Promise.all([atFar.reach(100), atNear.reach(100)])
    assert.deepEqual(await owners(), ['far 1', 'far 1'])

    await nodes.network.pull()
    const pulledAt = Date.now()
    const degraded = until('a health that tells', async () => {
      const { body } = await call(far, '', 'GET', '/health')
      return body.status === 'degraded' && body.reasons.includes('the database does not answer')
    }).then(() => Date.now() - pulledAt)
    const refused = until('a refusal', () => atFar.refused.size > 0).then(() => Date.now() - pulledAt)
    await until('the other on the stage', async () => {
      const [first, second] = [await onStage(far), await onStage(near)]
      assert.ok(first.length === 0 || second.length === 0, 'both are on the stage')
      return second.length > 0
    })
    const [went, came] = [await timeOn('far', 'went'), await timeOn('near', 'came')]
    console.log(`      let go ${went - pulledAt} ms after the cut, taken over ${came - went} ms after that`)
    assert.ok(went < came)
    console.log(`      refuses after ${await refused} ms, says so of its health after ${await degraded} ms`)
    await atFar.stop()
    await until('every lease', async () =>
      Object.values(await nodes.owners()).every((owner) => owner.startsWith('near'))
    )
    assert.deepEqual(await owners(), ['near 2', 'near 2'])
    const heardBefore = listeners[0]?.heard.length
    await atNear.reach(atNear.acknowledged.length + 100)
    assert.equal(listeners[0]?.heard.length, heardBefore)
    assert.ok(listeners[0]?.socket.connected)

    // Else a write that nobody answered might be done a minute after the cure, and be counted by one and not by another.
    nodes.giveUp()
    await nodes.network.plugIn()
    const pluggedAt = Date.now()
    await until('an answer', async () => (await far.api('GET', '/cameras?$limit=0')).status === 200)
    console.log(`      answers again ${Date.now() - pluggedAt} ms after the cure`)
    const again = write(far)
    await again.reach(100)
    const writers = [atFar, atNear, again]
    await Promise.all(writers.map((one) => one.stop()))
    const acknowledged = writers.flatMap((one) => one.acknowledged)
    for (const [index, { heard }] of listeners.entries()) {
      await until('every change', () => acknowledged.every((id) => heard.some((one) => one.id === id)))
      const { rows } = await nodes.sql.query<{ seq: number }>(
        `select seq::int from core_changes where resource = 'cameras' and seq >= $1 order by seq`,
        [heard[0]?.seq]
      )
      assert.deepEqual(
        heard.map(({ seq }) => seq),
        rows.map(({ seq }) => seq)
      )
      console.log(`      delivered at ${index ? 'the other' : 'the one that was cut off'}: ${heard.length}`)
    }
    await assertNothingLost(near, acknowledged)
    assert.deepEqual(await owners(), ['near 2', 'near 2'])
    assert.deepEqual(
      writers.map(({ refused }) => [...refused.keys()]),
      [[503], [], []]
    )
  })

  it('takes away what was taken away meanwhile, and trusts no session that may have ended', async () => {
    const [loser, leaver] = [await viewer('loser'), await viewer('leaver')]
    const [atLoser, atLeaver] = [await hear(loser.token), await hear(leaver.token)]
    const make = async (name: string): Promise<void> => {
      assert.equal((await near.api('POST', '/cameras', { name, protocol: 'test' })).status, 201)
    }
    const statusAtFar = async (token: string, path: string) => (await call(far, token, 'GET', path)).status
    await make('before')
    for (const { names } of [atLoser, atLeaver]) await until('the first', () => names.includes('before'))

    await nodes.network.pull()
    assert.equal((await near.api('PATCH', `/users/${loser.id}`, { role: null })).status, 200)
    assert.equal((await call(near, leaver.token, 'POST', '/auth/logout')).status, 200)
    await make('meanwhile')
    await until('doubt', async () => (await statusAtFar(leaver.token, '/auth/me')) === 503)

    await nodes.network.plugIn()
    const pluggedAt = Date.now()
    await until('the end of the socket', () => !atLeaver.socket.connected)
    console.log(`      cut ${Date.now() - pluggedAt} ms after the cure`)
    assert.equal(await statusAtFar(leaver.token, '/auth/me'), 401)
    await make('after')
    await until('both ticks', () => atLoser.ticks() === 2)
    assert.deepEqual([atLoser.names, atLeaver.names], [['before'], ['before']])
    assert.ok(atLoser.socket.connected)
    assert.equal(await statusAtFar(loser.token, '/cameras'), 403)
  })

  it('goes on recording until it hears that another does, and leaves the camera to that one', async function () {
    const ffmpeg = await ffmpegOrSkip(this)
    const id = await record()
    await nodes.network.pull()
    const pulledAt = Date.now()
    await until('the other to record', async () => (await recording(near)).length > 0)
    console.log(`      recorded by the other ${Date.now() - pulledAt} ms after the cut`)
    await until('a file of the other', async () => (await nodes.filesOf('near', id)).length > 0)
    assert.equal((await recording(far)).length, 1)

    await nodes.network.plugIn()
    const pluggedAt = Date.now()
    await until('the end of the first', async () => (await recording(far)).length === 0)
    console.log(`      left to the other ${Date.now() - pluggedAt} ms after the cure`)
    assert.equal((await recording(near)).length, 1)
    const history = await until('the end of the first in the history', async () => {
      const { body } = await far.api('GET', `/jobs/${id}/history`)
      return body[1]?.status === 'stopped' && body
    })
    assert.deepEqual([history.length, history[0].status], [2, 'running'])
    assert.equal(history[1].filesProduced, (await nodes.filesOf('far', id)).length)
    assert.equal((await far.api('POST', `/jobs/${id}/stop`)).status, 200)
    for (const node of ['far', 'near'] as const) await assertPlays(await nodes.filesOf(node, id), ffmpeg)
  })

  it('stops in order while it is cut off', async function () {
    const ffmpeg = await ffmpegOrSkip(this)
    const id = await record()
    await nodes.network.pull()
    await until('the other to record', async () => (await recording(near)).length > 0)
    const from = Date.now()
    far.child.kill('SIGTERM')
    assert.equal(await far.ended, 0)
    console.log(`      ended ${Date.now() - from} ms after SIGTERM`)
    assert.deepEqual(await recording(far), [])
    await assertPlays(await nodes.filesOf('far', id), ffmpeg)
  })

  async function ffmpegOrSkip(test: Context): Promise<string> {
    const found = await findFfmpeg('PATH', 'npm')
    if (found) return found.path
    console.log('      not tested: a recording that is cut off; no ffmpeg here (apt-get install ffmpeg)')
    return test.skip()
  }

  /** A job that the far node records, of which there is a file. */
  async function record(): Promise<string> {
    const { body: camera } = await far.api('POST', '/cameras', { name: 'Gate', protocol: 'test' })
    const data = { name: 'Gate', cameraId: camera.id, segmentDuration: 1 }
    const { body: job } = await far.api('POST', '/jobs', data)
    assert.equal((await far.api('POST', `/jobs/${job.id}/start`)).status, 200)
    await until('a file', async () => (await nodes.filesOf('far', job.id)).length > 0)
    return job.id
  }

  async function viewer(name: string): Promise<{ readonly id: string; readonly token: string }> {
    const email = `${name}@example.org`
    const { body } = await near.api('POST', '/users', { email, password, role: 'viewer' })
    const signedIn = await call(near, '', 'POST', '/auth/login', { email, password })
    return { id: body.id, token: signedIn.body.accessToken }
  }

  /** Somebody's socket at the far node: the names of the cameras that it was told of, and how often it was told no name. */
  async function hear(token: string) {
    const names: string[] = []
    let ticks = 0
    const socket: Socket = io(far.url, { auth: { token }, transports: ['websocket'], reconnection: false })
    undo.unshift(async () => socket.disconnect())
    socket.on('camera-changed', ({ record }) => (record ? names.push(record.name) : ticks++))
    await until('the connection', () => socket.connected)
    return { socket, names, ticks: () => ticks }
  }
})

async function call(
  { url }: NodeProcess,
  token: string,
  method: string,
  path: string,
  body?: object
): Promise<Pick<Answer, 'status' | 'body'>> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' })
    },
    ...(body && { body: JSON.stringify(body) })
  })
  return { status: response.status, body: await response.json() }
}
