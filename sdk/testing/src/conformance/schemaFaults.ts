import { Errors } from 'typebox/schema'
import type { Documents } from './readDocuments.ts'
import type { Schema } from './sampleOf.ts'

/** What keeps a value from being what a schema of the documents says, a sentence each. */
export function schemaFaults(value: unknown, schema: Schema, { openapi }: Documents): string[] {
  const [, errors] = Errors({ ...schema, components: openapi.components } as object, value)
  return errors.map(({ instancePath, message }) => `${instancePath.slice(1).replaceAll('/', '.')} ${message}`)
}
