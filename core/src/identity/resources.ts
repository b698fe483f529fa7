import { defineResource, withDefault } from '@signalbox/plugin'
import { Type } from 'typebox'

const password = Type.String({ minLength: 8, maxLength: 200, description: 'Write only' })

/** People who may sign in. */
export const users = defineResource({
  path: 'users',
  singular: 'user',
  description: 'People who may sign in',
  table: 'core_users',
  schema: Type.Object({
    email: Type.String({ format: 'email', maxLength: 254 }),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[^@\\s]+$' })),
    password: Type.Optional(password),
    firstName: Type.Optional(Type.String({ maxLength: 100 })),
    lastName: Type.Optional(Type.String({ maxLength: 100 })),
    role: Type.Optional(Type.String({ description: 'The id of a role' })),
    status: withDefault(Type.Enum(['active', 'suspended', 'archived']), 'active')
  }),
  secrets: ['password'],
  search: ['email', 'username', 'firstName', 'lastName'],
  scopes: { own: 'id' },
  grants: { owner: ['read', 'update'] }
})

/** Named sets of permissions. */
export const roles = defineResource({
  path: 'roles',
  singular: 'role',
  description: 'Named sets of permissions',
  table: 'core_roles',
  schema: Type.Object({
    label: Type.String({ minLength: 1, maxLength: 100 }),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    permissions: withDefault(
      Type.Array(Type.String({ maxLength: 100 }), {
        description: 'Permission keys; `cameras:*` is all of a resource'
      }),
      []
    )
  }),
  create: Type.Object({
    id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })),
    label: Type.String({ minLength: 1, maxLength: 100 }),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    permissions: withDefault(Type.Array(Type.String({ maxLength: 100 })), [])
  }),
  search: ['label'],
  defaultSort: { label: 1 }
})

/** The catalogue of permission keys: those that plugins declare, and those a deployment adds for its own use. */
export const permissions = defineResource({
  path: 'permissions',
  singular: 'permission',
  description: 'Permission keys',
  table: 'core_permissions',
  schema: Type.Object({
    permissionKey: Type.String({ pattern: '^[a-z0-9-]+:[A-Za-z0-9-]+$', maxLength: 100 }),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    plugin: Type.Optional(Type.String({ description: 'The plugin that declares it' }))
  }),
  readOnly: ['plugin'],
  search: ['permissionKey', 'description'],
  defaultSort: { permissionKey: 1 }
})

/** Permissions given to, or taken from, a person or a role directly. */
export const grants = defineResource({
  path: 'grants',
  singular: 'grant',
  description: 'Permissions given to, or denied, a person or a role directly; a deny beats every grant',
  table: 'core_grants',
  schema: Type.Object({
    subjectType: Type.Enum(['user', 'role']),
    subjectId: Type.String({ maxLength: 64 }),
    permission: Type.String({ maxLength: 100 }),
    effect: withDefault(Type.Enum(['grant', 'deny']), 'grant'),
    scope: withDefault(Type.Enum(['any', 'own']), 'any')
  }),
  scoped: true
})
