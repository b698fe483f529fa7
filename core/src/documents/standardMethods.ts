import type { ManifestResource } from './manifestShape.ts'

/** What the six standard methods of a resource are to the documents. */
export interface StandardMethod {
  readonly name: 'find' | 'get' | 'create' | 'update' | 'patch' | 'remove'
  readonly verb: 'read' | 'create' | 'update' | 'remove'
  readonly summary: (resource: ManifestResource) => string
  readonly body?: 'create' | 'update' | 'patch'
  readonly answer: 'list' | 'detail' | 'record'
}

export const standardMethods: readonly StandardMethod[] = [
  { name: 'find', verb: 'read', summary: ({ path }) => `List ${path}`, answer: 'list' },
  { name: 'get', verb: 'read', summary: ({ singular }) => `Get a ${singular}`, answer: 'detail' },
  {
    name: 'create',
    verb: 'create',
    summary: ({ singular }) => `Create a ${singular}`,
    body: 'create',
    answer: 'record'
  },
  {
    name: 'update',
    verb: 'update',
    summary: ({ singular }) => `Replace a ${singular}`,
    body: 'update',
    answer: 'record'
  },
  {
    name: 'patch',
    verb: 'update',
    summary: ({ singular }) => `Change a ${singular}`,
    body: 'patch',
    answer: 'record'
  },
  { name: 'remove', verb: 'remove', summary: ({ singular }) => `Remove a ${singular}`, answer: 'record' }
]
