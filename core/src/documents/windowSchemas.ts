import { closedObject, type JsonSchema } from './JsonSchema.ts'
import type { ManifestResource } from './manifestShape.ts'

/** What the query of a list may say beside its filters. */
export function windowSchemas({
  schemas,
  searchable
}: ManifestResource): Readonly<Record<string, JsonSchema>> {
  const names = Object.keys(schemas.record.properties ?? {})
  const direction = { type: 'integer', enum: [1, -1] }
  const sort = closedObject(Object.fromEntries(names.map((name) => [name, direction])), [])
  return {
    $limit: {
      type: 'integer',
      minimum: 0,
      description: 'Answers a window of at most so many records; more than 1,000 is cut to that. Default 20'
    },
    $skip: { type: 'integer', minimum: 0, description: 'Answers a window that begins after so many records' },
    page: { type: 'integer', minimum: 1, description: 'Answers a numbered page, from 1' },
    limit: {
      type: 'integer',
      minimum: 1,
      description: 'The size of a numbered page; more than 100 is cut to that. Default 20'
    },
    $sort: { ...sort, description: 'The order: 1 is ascending, -1 is descending' },
    $select: {
      type: 'array',
      items: { type: 'string', enum: names },
      description: 'Only these fields, and the id'
    },
    $after: { type: 'string', description: 'The cursor in the `Link` header of the part before' },
    $total: {
      type: 'boolean',
      default: true,
      description: 'False saves the count of all records that match'
    },
    ...(searchable && { search: { type: 'string', maxLength: 200, description: 'A text to look for' } })
  }
}
