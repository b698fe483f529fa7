import type { StandardName } from '../resources/verbs.ts'
import type { ManifestResource } from './manifestShape.ts'

/** What the six standard methods of a resource are to the documents. */
export interface StandardMethod {
  readonly name: StandardName
  readonly summary: (resource: ManifestResource) => string
  readonly body?: 'create' | 'update' | 'patch'
  readonly answer: 'list' | 'detail' | 'record'
}

export const standardMethods: readonly StandardMethod[] = [
  { name: 'find', summary: ({ path }) => `List ${path}`, answer: 'list' },
  { name: 'get', summary: ({ singular }) => `Get a ${singular}`, answer: 'detail' },
  {
    name: 'create',
    summary: ({ singular }) => `Create a ${singular}`,
    body: 'create',
    answer: 'record'
  },
  {
    name: 'update',
    summary: ({ singular }) => `Replace a ${singular}`,
    body: 'update',
    answer: 'record'
  },
  {
    name: 'patch',
    summary: ({ singular }) => `Change a ${singular}`,
    body: 'patch',
    answer: 'record'
  },
  { name: 'remove', summary: ({ singular }) => `Remove a ${singular}`, answer: 'record' }
]
