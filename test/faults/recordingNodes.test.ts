import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { Client } from 'pg'
import { findFfmpeg, makeTestVideo, startFakeCamera } from '../support/fakeCamera/index.ts'
import { createDatabaseOrSkip, type TestDatabase } from '../support/postgres.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { assertPlays } from '../support/assertPlays.ts'
import { createJob, type ApiCaller } from './createJob.ts'
import { recordedFiles } from './recordedFiles.ts'
import { startNodes, type NodeProcess } from './startNodes.ts'
import { killPlatforms } from './startPlatformProcess.ts'

describe('Nodes of which one records', function () {
  this.timeout(120_000)
  let directory: TemporaryDirectory
  let database: TestDatabase
  let sql: Client
  let ffmpeg: string

  beforeEach(async function () {
    const found = await findFfmpeg('PATH', 'npm')
    if (!found) {
      console.log('      not tested: many nodes that record; no ffmpeg here (apt-get install ffmpeg)')
      return this.skip()
    }
    ffmpeg = found.path
    database = await createDatabaseOrSkip(this)
    directory = await temporaryDirectory()
    sql = new Client({ connectionString: database.url })
    await sql.connect()
  })

  afterEach(async () => {
    await killPlatforms()
    await sql?.end()
    await database?.drop()
    await directory?.remove()
  })

  const start = (...names: string[]): Promise<NodeProcess[]> =>
    startNodes(database.url, { directory: directory.path, names })

  const processesOf = async (node: ApiCaller): Promise<number> =>
    (await node.api('GET', '/status')).body.activeProcesses

  async function testJob(node: ApiCaller): Promise<string> {
    const { body: camera } = await node.api('POST', '/cameras', { name: 'Test', protocol: 'test' })
    const { body: job } = await node.api('POST', '/jobs', {
      name: 'Test',
      cameraId: camera.id,
      segmentDuration: 1
    })
    return job.id
  }

  it('go on recording on another node when the one that records is killed', async () => {
    const video = await makeTestVideo({ ffmpeg, fps: 15 })
    const camera = await startFakeCamera({
      username: 'viewer',
      password: 'secret',
      video,
      fps: 15,
      stamp: true
    })
    try {
      const [recording, other] = (await start('one', 'two')) as [NodeProcess, NodeProcess]
      const id = await createJob(other, camera, { name: 'Gate' })
      const filesOf = (node: string) => recordedFiles(join(directory.path, node, 'data', 'recordings', id))
      assert.equal((await other.api('POST', `/jobs/${id}/start`)).status, 200)
      await until('files on the node that records', async () => (await filesOf('one')).length >= 2)
      assert.equal((await other.api('GET', `/jobs/${id}`)).body.runtime.state, 'running')
      assert.equal((await other.api('POST', `/jobs/${id}/start`)).status, 409)
      const third = (await start('three'))[0]!
      const open = (await third.api('GET', `/jobs/${id}/history`)).body
      assert.deepEqual(
        open.map(({ status }: { status: string }) => status),
        ['running']
      )
      third.child.kill('SIGTERM')
      assert.equal(await third.ended, 0)

      recording.child.kill('SIGKILL')
      const from = Date.now()
      await until('files on the other', async () => (await filesOf('two')).length >= 1, { timeoutMs: 40_000 })
      console.log(`      the other's first file is complete ${Date.now() - from} ms after the kill`)
      assert.equal((await other.api('POST', `/jobs/${id}/stop`)).status, 200)
      const { body: history } = await other.api('GET', `/jobs/${id}/history`)
      assert.deepEqual(
        history.map(({ status }: { status: string }) => status),
        ['stopped', 'killed']
      )
      await assertPlays(await filesOf('two'), ffmpeg)
    } finally {
      await camera.stop()
    }
  })

  it('stop a job on the node that records, whichever was asked', async () => {
    const [recording, other] = (await start('one', 'two')) as [NodeProcess, NodeProcess]
    const id = await testJob(other)
    await other.api('POST', `/jobs/${id}/start`)
    await until('a process', async () => (await processesOf(recording)) === 1)
    assert.equal(await processesOf(other), 0)
    assert.equal((await other.api('POST', `/jobs/${id}/stop`)).status, 200)
    assert.equal(await processesOf(recording), 0)
    recording.child.kill('SIGTERM')
    await once(recording.child, 'exit')
    const from = Date.now()
    await until('the other to record', async () => (await other.api('GET', '/status')).body.recordsHere)
    console.log(`      handed on ${Date.now() - from} ms after an orderly stop`)
  })

  it('say what became of a start or a stop, whichever was asked', async () => {
    const [recording, other] = (await start('one', 'two')) as [NodeProcess, NodeProcess]
    const id = await testJob(other)
    for (let round = 0; round < 5; round++) {
      const started = await other.api('POST', `/jobs/${id}/start`)
      assert.deepEqual([started.status, started.body.runtime.running], [200, true])
      assert.equal((await other.api('POST', `/jobs/${id}/start`)).status, 409)
      const stopped = await other.api('POST', `/jobs/${id}/stop`)
      assert.deepEqual([stopped.status, stopped.body.runtime.running], [200, false])
      assert.equal(await processesOf(recording), 0)
    }
    const { body: history } = await other.api('GET', `/jobs/${id}/history`)
    assert.deepEqual(
      history.map(({ status }: { status: string }) => status),
      Array.from({ length: 5 }, () => 'stopped')
    )
  })

  it('end a job that is deleted on one of them that does not know that it runs', async () => {
    const [recording, other] = (await start('one', 'two')) as [NodeProcess, NodeProcess]
    const id = await testJob(other)
    await other.api('POST', `/jobs/${id}/start`)
    await until('a process', async () => (await processesOf(recording)) === 1)
    // As it is while what tells of the run is still on its way.
    await sql.query('delete from recorder_runs')
    assert.equal((await other.api('DELETE', `/jobs/${id}`)).status, 200)
    await until('the end of the process', async () => (await processesOf(recording)) === 0)
    await until('nothing left of it', async () => {
      const { rowCount } = await sql.query(
        'select job_id from recorder_runs union all select job_id from recorder_settled'
      )
      return rowCount === 0
    })
  })
})
