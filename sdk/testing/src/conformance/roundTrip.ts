import { randomUUID } from 'node:crypto'
import type { Resource } from '@signalbox/plugin'
import type { HeardEvent } from '../events/Events.ts'
import type { Answer } from '../platform/Person.ts'
import type { TestPlatform } from '../platform/testPlatform.ts'
import { operationOf, type Documents } from './readDocuments.ts'
import type { Samples } from './Samples.ts'
import { schemaFaults } from './schemaFaults.ts'

/** What came of a record’s life, from its creation to its removal. */
export interface RoundTrip {
  readonly resource: Resource
  /** Why nobody may create a record by hand; then there was no life. */
  readonly refusal?: string
  /** What was not as it should be, a sentence each. */
  readonly faults: readonly string[]
  readonly id: string
  /** The values of its secret fields. */
  readonly secrets: readonly string[]
  /** All that was answered, and everything that an administrator’s socket heard meanwhile. */
  readonly answers: readonly Answer[]
  readonly heard: readonly HeardEvent[]
  /** What was done to it, in order. */
  readonly actions: readonly string[]
}

export interface RoundTripOptions {
  readonly resource: Resource
  readonly platform: TestPlatform
  readonly documents: Documents
  readonly samples: Samples
}

const refusals = new Set([403, 405, 409, 422, 423, 503])

/** Creates a record, reads it, changes it and removes it, as an administrator, and compares with the documents. */
export async function roundTrip({
  resource,
  platform,
  documents,
  samples
}: RoundTripOptions): Promise<RoundTrip> {
  const { api } = await platform.admin()
  const { path } = resource
  const answers: Answer[] = []
  const faults: string[] = []
  const actions: string[] = []
  const begun = platform.events.heard.length

  /** Makes a call that should succeed; resolves with its body. */
  const call = async (method: string, verb: string, below = '', body?: unknown): Promise<any> => {
    const answer = await api(verb, `/${path}${below}`, body)
    answers.push(answer)
    const { responses } = operationOf(documents, `${path.replaceAll('/', '.')}.${method}`)
    const says = `${verb} /${path}${below ? '/{id}' : ''} answered ${answer.status}`
    const response = responses[answer.status]
    if (answer.status >= 300) faults.push(`${says}: ${JSON.stringify(answer.body)}`)
    else if (!response) faults.push(`${says}, which its document does not foresee`)
    else if (method !== 'find')
      for (const fault of schemaFaults(answer.body, response.content['application/json'].schema, documents))
        faults.push(`${says}, but ${fault}`)
    return answer.body
  }
  const end = (more: Partial<RoundTrip> = {}): RoundTrip => ({
    resource,
    faults,
    id: '',
    secrets: [],
    answers,
    heard: platform.events.heard.slice(begun),
    actions,
    ...more
  })

  const secrets = secretsOf(resource)
  const sample = await samples.of(resource, secrets)
  const created = await api('POST', `/${path}`, sample)
  if (refusals.has(created.status)) return end({ refusal: created.body?.message })
  if (created.status !== 201) {
    const sent = JSON.stringify(sample)
    faults.push(`POST /${path} answered ${created.status} to ${sent}: ${JSON.stringify(created.body)}`)
    return end()
  }
  const { id } = created.body
  const at = `/${encodeURIComponent(id)}`
  actions.push('created')
  answers.push(created)
  await call('get', 'GET', at)
  const listed: unknown = await call('find', 'GET')
  if (!Array.isArray(listed) || !listed.some((record) => record.id === id))
    faults.push(`GET /${path} does not list the record that was created`)
  const change = samples.changeOf(resource, sample)
  if (Object.keys(change).length > 0) {
    await call('patch', 'PATCH', at, change)
    actions.push('patched')
  }
  await call('update', 'PUT', at, sample)
  actions.push('updated')
  await call('remove', 'DELETE', at)
  actions.push('removed')
  const gone = await api('GET', `/${path}${at}`)
  if (gone.status !== 404)
    faults.push(`GET /${path}/{id} answered ${gone.status} after the removal, and not 404`)
  answers.push(await api('GET', '/changes?since=0&limit=1000'))
  await platform.settled()
  return end({ id, secrets: Object.values(secrets).map(String) })
}

/** Values that would be recognised anywhere. */
function secretsOf({ schema, secrets = [] }: Resource): Record<string, string> {
  const texts = (secrets as readonly string[]).filter((name) => schema.properties[name]?.type === 'string')
  return Object.fromEntries(
    texts.map((name) => [name, `secret ${randomUUID()}`.slice(0, schema.properties[name].maxLength)])
  )
}
