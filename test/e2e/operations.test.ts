import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { sampleOf, type Schema } from '../../sdk/testing/src/conformance/sampleOf.ts'

const verbs = ['post', 'get', 'put', 'patch', 'delete'] as const

interface Operation {
  readonly verb: (typeof verbs)[number]
  readonly path: string
  readonly operationId: string
  readonly parameters: readonly { readonly name?: string; readonly in?: string; readonly schema?: Schema }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly responses: Readonly<Record<string, unknown>>
}

/** After these the session that they were called with is over. */
const endsSession = /^(auth\.(logout|logoutEverywhere|endSession)|users\.endSessions)$/

/** What no schema can tell, by operation. */
const particulars: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'api-keys.create': { permissions: ['cameras:read'], expiresAt: '2099-01-01T00:00:00.000Z' },
  'api-keys.update': { permissions: ['cameras:read'], expiresAt: '2099-01-01T00:00:00.000Z' },
  'api-keys.patch': { permissions: ['cameras:read'], expiresAt: '2099-01-01T00:00:00.000Z' },
  'auth.changePassword': { currentPassword: 'correct horse battery', newPassword: 'correct horse battery' },
  'auth.login': { email: 'admin@example.org', password: 'correct horse battery' },
  'authentication.create': { email: 'admin@example.org', password: 'correct horse battery' },
  'cameras.create': { protocol: 'test' },
  'cameras.update': { protocol: 'test' },
  'grants.create': { subjectType: 'role', subjectId: 'viewer', permission: 'cameras:read' },
  'grants.update': { subjectType: 'role', subjectId: 'viewer', permission: 'cameras:read' },
  'permissions.create': { permissionKey: 'sample:read' },
  'permissions.update': { permissionKey: 'sample:read' }
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
  let platform: TestPlatform
  let admin: TestClient | undefined
  let operations: Operation[]
  let schemas: Readonly<Record<string, Schema>>
  const ids = new Map<string, string>()

  before(async () => {
    platform = await startTestPlatform({ plugins: [recorder()] })
    const { body } = await platform.api('GET', '/openapi.json')
    schemas = body.components.schemas
    operations = Object.entries(body.paths as Record<string, Record<string, any>>)
      .flatMap(([path, item]) =>
        verbs.filter((verb) => item[verb]).map((verb) => ({ ...item[verb], verb, path }))
      )
      .toSorted((a, b) => orderOf(a) - orderOf(b))
  })

  after(() => platform?.stop())

  it('is answered with something that the document foresees', async () => {
    assert.ok(operations.length > 50)
    const answers: string[] = []
    for (const operation of operations) {
      const { status, body } = await call(operation)
      answers.push(`${operation.operationId} ${status}`)
      const says = `${operation.operationId}: ${status} ${JSON.stringify(body)}`
      assert.ok(String(status) in operation.responses, says)
      assert.ok(status !== 405 && !String(body?.message).startsWith('There is nothing at'), says)
      assert.ok(status < 500 || (status === 503 && /ffmpeg/i.test(says)), says)
    }
    const refused = answers.filter((answer) => !/ (20\d|503)$/.test(answer))
    assert.deepEqual(refused, [])
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
    const known = { cameraId: ids.get('cameras'), ...given, ...particulars[operationId] }
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
  const rank = path.startsWith('/api/cameras') ? 0 : 1
  if (verb === 'delete') return 100 - rank
  return path.includes('{id}') ? 10 : rank
}
