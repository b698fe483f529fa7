import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import { weather } from '../../examples/weather/plugin.ts'
import { startStation, type Station } from '../support/startStation.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { endsSession, particulars } from './particulars.ts'
import { schemaChecker, type CheckSchema } from './schemaChecker.ts'
import { sampleOf, type Schema } from '../../sdk/testing/src/conformance/sampleOf.ts'

const verbs = ['post', 'get', 'put', 'patch', 'delete'] as const

interface Operation {
  readonly verb: (typeof verbs)[number]
  readonly path: string
  readonly operationId: string
  readonly parameters: readonly { readonly name?: string; readonly in?: string; readonly schema?: Schema }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly responses: Readonly<Record<string, Response>>
}

interface Response {
  readonly $ref?: string
  readonly content?: { readonly 'application/json': { readonly schema: object } }
}

/** What is known of whoever calls. */
interface Known {
  readonly userId: string
  readonly refreshToken: string
  /** Of their session. */
  readonly id: string
}

describe('Every operation of the OpenAPI document', function () {
  this.timeout(60_000)
  let station: Station
  let platform: TestPlatform
  let admin: TestClient | undefined
  let operations: Operation[]
  let schemas: Readonly<Record<string, Schema>>
  let responses: Readonly<Record<string, Response>>
  let check: CheckSchema
  const ids = new Map<string, string>()

  before(async () => {
    station = await startStation()
    platform = await startTestPlatform({ plugins: [recorder(), weather({ intervalSeconds: 3600 })] })
    const { body } = await platform.api('GET', '/openapi.json')
    schemas = body.components.schemas
    responses = body.components.responses
    check = schemaChecker(body, '2020-12')
    operations = Object.entries(body.paths as Record<string, Record<string, any>>)
      .flatMap(([path, item]) =>
        verbs.filter((verb) => item[verb]).map((verb) => ({ ...item[verb], verb, path }))
      )
      .toSorted((a, b) => orderOf(a) - orderOf(b))
  })

  after(async () => {
    await platform?.stop()
    station?.stop()
  })

  it('is answered with something that the document foresees', async () => {
    assert.ok(operations.length > 50)
    const answers: string[] = []
    const faults: string[] = []
    for (const operation of operations) {
      const { status, body } = await call(operation)
      answers.push(`${operation.operationId} ${status}`)
      const says = `${operation.operationId}: ${status} ${JSON.stringify(body)}`
      assert.ok(String(status) in operation.responses, says)
      assert.ok(status !== 405 && !String(body?.message).startsWith('There is nothing at'), says)
      const answer = operation.responses[status] ?? {}
      const { content } = answer.$ref ? (responses[answer.$ref.split('/').at(-1) ?? ''] ?? {}) : answer
      const fault = check(content?.['application/json'].schema ?? {}, body)
      if (fault !== undefined) faults.push(`${operation.operationId}: ${fault}`)
      assert.ok(status < 500 || (status === 503 && /ffmpeg/i.test(says)), says)
    }
    const refused = answers.filter((answer) => !/ (20\d|503)$/.test(answer))
    assert.deepEqual(refused, [])
    assert.deepEqual(faults, [])
  })

  async function call(operation: Operation) {
    const { verb, path, operationId } = operation
    admin ??= await platform.admin()
    const resource = path.split('/')[2] ?? ''
    const url = path.replace('/api', '').replace('{id}', ids.get(resource) ?? 'absent')
    const sessions = await admin.api('GET', '/auth/sessions')
    const known = { userId: admin.id, refreshToken: admin.refreshToken, id: sessions.body[0].id }
    const answer = await admin.api(
      verb.toUpperCase(),
      url + queryOf(operation, known),
      bodyOf(operation, known)
    )
    if (endsSession.test(operationId)) admin = undefined
    if (verb === 'post' && answer.status === 201 && !ids.has(resource)) ids.set(resource, answer.body.id)
    return answer
  }

  function bodyOf({ operationId, requestBody }: Operation, given: Known): unknown {
    const schema = requestBody?.content['application/json'].schema
    if (!schema) return undefined
    const references = { cameraId: ids.get('cameras'), stationId: ids.get('stations') }
    const known = { url: station.url, apiKey: 'k3y', ...references, ...given, ...particulars[operationId] }
    return sampleOf(schema, { schemas, known })
  }

  function queryOf({ operationId, parameters }: Operation, given: Known): string {
    const query = new URLSearchParams(
      operationId === 'permissions.explain' ? { userId: given.userId, permission: 'cameras:read' } : {}
    )
    for (const { name = '', in: place, schema } of parameters) {
      if (place === 'query' && schema?.default !== undefined) query.set(name, JSON.stringify(schema.default))
    }
    return query.size > 0 ? `?${query.toString()}` : ''
  }
})

/** Records are made first, those that others refer to before them, and removed last, in the opposite order. */
function orderOf({ verb, path }: Operation): number {
  const rank = ['stations', 'cameras'].indexOf(path.split('/')[2] ?? '') + 1 || 3
  if (verb === 'delete') return 100 - rank
  return path.includes('{id}') ? 10 : rank
}
