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
  methods: {
    endSessions: { description: 'Signs the user out everywhere', on: 'record' }
  },
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
  methods: {
    explain: {
      description: 'Whether somebody holds a permission, where, and which grant or deny decides it',
      on: 'collection',
      http: 'GET',
      permission: 'signed-in',
      input: Type.Object({
        userId: Type.Optional(Type.String({ maxLength: 64, description: 'Default: the caller' })),
        permission: Type.String({ maxLength: 100 }),
        resource: Type.Optional(Type.String({ maxLength: 100 })),
        id: Type.Optional(Type.String({ maxLength: 200, description: 'One record' }))
      }),
      output: Type.Object({
        allowed: Type.Boolean({ description: 'For the record, or, where none is named, for any at all' }),
        everywhere: Type.Boolean(),
        own: Type.Boolean(),
        nodes: Type.Array(Type.String(), { description: 'Scopes in which it is held' }),
        denied: Type.Array(Type.String(), { description: 'Scopes in which it is not' }),
        by: Type.Union([
          Type.Object({
            source: Type.String({ description: '`role operator`, `grant 0192…` or `everyone`' }),
            permission: Type.String(),
            effect: Type.Enum(['grant', 'deny']),
            scope: Type.String()
          }),
          Type.Null()
        ])
      })
    }
  },
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
    scope: withDefault(
      Type.String({
        maxLength: 64,
        description: '`any` record, only one’s `own`, or the id of a scope: those in it and in all below it'
      }),
      'any'
    ),
    validFrom: Type.Optional(Type.String({ format: 'date-time' })),
    validUntil: Type.Optional(Type.String({ format: 'date-time' }))
  }),
  scoped: true
})

/** Keys with which programs call, each in the name of an account. */
export const apiKeys = defineResource({
  path: 'api-keys',
  singular: 'api-key',
  description: 'Keys with which programs call in the name of an account',
  table: 'core_api_keys',
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    userId: Type.String({ maxLength: 64, description: 'The account in whose name it calls' }),
    permissions: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), {
        maxItems: 200,
        description: 'What the account’s rights are narrowed to; without it the key may what the account may'
      })
    ),
    expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
    key: Type.Optional(
      Type.String({ description: 'The key itself in the answer to its creation, ever after its beginning' })
    ),
    keyHash: Type.Optional(Type.String()),
    lastUsedAt: Type.Optional(Type.String({ format: 'date-time', description: 'To a minute' }))
  }),
  secrets: ['keyHash'],
  readOnly: ['key', 'keyHash', 'lastUsedAt'],
  patch: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    permissions: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 })),
    expiresAt: Type.Optional(Type.String({ format: 'date-time' }))
  }),
  search: ['name'],
  scopes: { own: 'userId' },
  scoped: true,
  grants: { owner: ['read', 'remove'] }
})
