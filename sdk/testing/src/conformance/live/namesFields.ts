import { assertNoFaults } from '../assertNoFaults.ts'
import type { Check } from '../Check.ts'
import { operationOf } from '../readDocuments.ts'
import { sampleOf } from '../sampleOf.ts'

export const namesFields: Check = {
  title: 'says of a bad record which field is at fault',
  run: async ({ platform, documents, roundTrips }) => {
    const { api } = await platform.admin()
    const faults: string[] = []
    for (const { resource, refusal } of await roundTrips()) {
      if (refusal !== undefined) continue
      const { path } = resource
      const { requestBody } = operationOf(documents, `${path.replaceAll('/', '.')}.create`)
      const schema = requestBody?.content['application/json'].schema ?? {}
      const sample = sampleOf(schema, { schemas: documents.schemas, known: {} }) as Record<string, unknown>
      const bad: [field: string, body: object][] = [
        ['noSuchField', { ...sample, noSuchField: 1 }],
        ...Object.keys(sample).map((field): [string, object] => [field, { ...sample, [field]: { bad: {} } }])
      ]
      for (const [field, body] of bad) {
        const answer = await api('POST', `/${path}`, body)
        const named = (answer.body?.errors ?? []).map((error: { readonly field: string }) => error.field)
        const isNamed = named.some((name: string) => name.split('.')[0] === field)
        if (answer.status !== 400 || !isNamed)
          faults.push(
            `POST /${path} with a bad ${field} answered ${answer.status} and named ${named.join(', ') || 'no field'}`
          )
      }
    }
    assertNoFaults(faults)
  }
}
