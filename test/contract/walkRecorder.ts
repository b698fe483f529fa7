import assert from 'node:assert/strict'
import { nextEvent } from '../support/nextEvent.ts'
import { until } from '../support/until.ts'
import { assertFields, call, type Place } from './support.ts'
import { changedWalk, checked, crudWalks, type Walk } from './walkCore.ts'

const cameraFields = [
  'id',
  'version',
  'createdAt',
  'updatedAt',
  'name',
  'protocol',
  'streams',
  'username',
  'tags',
  'location',
  'model',
  'enabled'
]
const jobFields = [
  'id',
  'version',
  'createdAt',
  'updatedAt',
  'name',
  'cameraId',
  'streamKey',
  'action',
  'triggerType',
  'cron',
  'cronStop',
  'duration',
  'periodStart',
  'periodEnd',
  'periodRecurrent',
  'outputDir',
  'filePattern',
  'outputFormat',
  'segmentDuration',
  'codec',
  'resolution',
  'quality',
  'extraArgs',
  'retentionDays',
  'retentionMaxGB',
  'maxRetries',
  'priority',
  'enabled'
]
const runtimeFields = ['running', 'state', 'pid', 'startedAt', 'uptime', 'retries', 'lastError']

/** Nothing listens at its address, so that each try fails at once. */
const unreachable = { name: 'Unreachable', protocol: 'http', streams: { main: 'http://127.0.0.1:9/' } }

const camera = (n: number): object => ({ name: `Row ${n}`, protocol: 'test', tags: ['row'] })

async function job(n: number, place: Place): Promise<object> {
  const { body } = await place.admin.api('POST', '/cameras', camera(n))
  return { name: `Row ${n}`, cameraId: body.id, segmentDuration: 1 }
}

async function makeJob(place: Place, source: object = camera(0), fields: object = {}): Promise<any> {
  const { body } = await place.admin.api('POST', '/cameras', source)
  const data = { name: 'Row', cameraId: body.id, segmentDuration: 1, codec: 'h264', ...fields }
  return checked(await place.admin.api('POST', '/jobs', data), 201, jobFields)
}

/** Runs `walk` with a job that has been started, and stops it whatever happens. */
async function started(place: Place, walk: (id: string) => Promise<void>, source?: object): Promise<void> {
  const { id } = await makeJob(place, source)
  checked(await place.admin.api('POST', `/jobs/${id}/start`), 200, ['runtime'])
  try {
    await walk(id)
  } finally {
    await place.admin.api('POST', `/jobs/${id}/stop`)
  }
}

/** Waits for an event about the job that is then started. */
const heard =
  (event: string, fields: readonly string[], source?: object): Walk =>
  async (place) => {
    const viewer = await place.person('viewer')
    const socket = await viewer.socket()
    const told = nextEvent(socket, event)
    await started(
      place,
      async (id) => {
        const payload = await told
        assertFields(payload, fields)
        assert.equal(payload.jobId, id)
      },
      source
    )
  }

export const recorderWalks: Readonly<Record<string, Walk>> = {
  ...crudWalks('/cameras', cameraFields, camera),
  ...crudWalks('/jobs', jobFields, job),
  'POST /api/cameras/:id/test': async (place) => {
    const test = async (data: object) => {
      const { body } = await place.admin.api('POST', '/cameras', data)
      return checked(await place.admin.api('POST', `/cameras/${body.id}/test`), 200, [
        'success',
        'durationMs',
        'streams'
      ])
    }
    const seen = await test(camera(0))
    assert.equal(seen.success, true, seen.error)
    assertFields(seen.streams[0], ['codec', 'width', 'height', 'fps'])
    const failed = await test(unreachable)
    assert.equal(failed.success, false)
    assert.ok(failed.error)
  },
  'GET /api/jobs/:id': async (place) => {
    const made = await makeJob(place, camera(0), { cron: '0 3 * * *' })
    const body = checked(await place.admin.api('GET', `/jobs/${made.id}`), 200, [
      ...jobFields,
      'camera',
      'runtime',
      'nextOccurrence'
    ])
    assertFields(body.camera, cameraFields)
    assertFields(body.runtime, runtimeFields)
    assert.match(body.nextOccurrence, /T03:00:00\.000Z$/)
  },
  'GET /api/jobs': async (place) => {
    const made = await makeJob(place, camera(0), {
      action: 'snapshot',
      triggerType: 'oneshot',
      enabled: false
    })
    const found = await place.admin.api(
      'GET',
      `/jobs?cameraId=${made.cameraId}&action=snapshot&enabled=false`
    )
    assert.deepEqual(found.body, [made])
    assert.deepEqual(
      (await place.admin.api('GET', `/jobs?camera_id=${made.cameraId}&action=record`)).body,
      []
    )
  },
  'DELETE /api/jobs/:id': async (place) => {
    const socket = await place.admin.socket()
    const stopped = nextEvent(socket, 'job:stopped')
    await started(place, async (id) => {
      checked(await place.admin.api('DELETE', `/jobs/${id}`), 200, jobFields)
      assert.equal((await stopped).jobId, id)
      assert.equal((await place.admin.api('GET', `/jobs/${id}`)).status, 404)
    })
  },
  'POST /api/jobs/:id/start': async (place) => {
    await started(place, async (id) => {
      assert.equal((await place.admin.api('POST', `/jobs/${id}/start`)).status, 409)
      const { body } = await place.admin.api('GET', `/jobs/${id}`)
      assert.equal(body.runtime.running, true)
    })
  },
  'POST /api/jobs/:id/stop': async (place) => {
    await started(place, async (id) => {
      const { runtime } = checked(await place.admin.api('POST', `/jobs/${id}/stop`), 200, ['runtime'])
      assertFields(runtime, runtimeFields)
      assert.equal(runtime.running, false)
    })
  },
  'GET /api/jobs/:id/logs': async (place) => {
    await started(
      place,
      async (id) => {
        const lines = await until('a line of the log', async () => {
          const body = checked(await place.admin.api('GET', `/jobs/${id}/logs?limit=1`), 200, [
            'jobId',
            'lines'
          ])
          assert.equal(body.jobId, id)
          return body.lines.length > 0 && body.lines
        })
        assert.equal(lines.length, 1)
        assert.equal(typeof lines[0], 'string')
      },
      unreachable
    )
  },
  'GET /api/jobs/:id/history': async (place) => {
    await started(place, async (id) => {
      await place.admin.api('POST', `/jobs/${id}/stop`)
      const [run] = await until('the end of the run', async () => {
        const { body } = await place.admin.api('GET', `/jobs/${id}/history?limit=1`)
        return body[0]?.stoppedAt ? body : undefined
      })
      assertFields(run, [
        'id',
        'jobId',
        'startedAt',
        'stoppedAt',
        'status',
        'exitCode',
        'error',
        'filesProduced',
        'bytesProduced'
      ])
      assert.equal(run.jobId, id)
      assert.equal(run.status, 'stopped')
    })
  },
  'event job:started': heard('job:started', ['jobId', 'jobName', 'pid']),
  'event status:update': heard('status:update', ['type', 'jobId', 'jobName']),
  'event job:retry': heard('job:retry', ['jobId', 'jobName', 'retry', 'maxRetries'], unreachable),
  'event job:stopped': async (place) => {
    const socket = await (await place.person('viewer')).socket()
    const told = nextEvent(socket, 'job:stopped')
    await started(place, async () => {})
    const payload = await told
    assertFields(payload, ['jobId', 'jobName', 'status', 'code', 'signal'])
    assert.equal(payload.status, 'stopped')
  },
  'event job:log': async (place) => {
    const socket = await (await place.person('viewer')).socket()
    const { id } = await makeJob(place, unreachable)
    await call(socket, 'subscribe:logs', id)
    const told = nextEvent(socket, 'job:log')
    await place.admin.api('POST', `/jobs/${id}/start`)
    const { jobId, line } = await told
    await place.admin.api('POST', `/jobs/${id}/stop`)
    assert.equal(jobId, id)
    assert.equal(typeof line, 'string')
  },
  'command subscribe:logs': async (place) => {
    const socket = await (await place.person('viewer')).socket()
    const { id } = await makeJob(place)
    const replied = nextEvent(socket, 'subscribed')
    socket.emit('subscribe:logs', id)
    assert.deepEqual(await replied, { room: `logs:${id}` })
    const stranger = await (await place.person()).socket()
    const refused = nextEvent(stranger, 'error')
    stranger.emit('subscribe:logs', id)
    assert.equal((await refused).error, 'Forbidden')
  },
  'command unsubscribe:logs': async (place) => {
    const socket = await (await place.person('viewer')).socket()
    const { id } = await makeJob(place)
    const replied = nextEvent(socket, 'unsubscribed')
    socket.emit('unsubscribe:logs', id)
    assert.deepEqual(await replied, { room: `logs:${id}` })
  },
  'event camera-changed': changedWalk('/cameras', 'camera-changed', camera),
  'event job-changed': changedWalk('/jobs', 'job-changed', job)
}
