import { defineService } from '@signalbox/plugin'
import { Type } from 'typebox'

/** Whether the platform is well; open to all. */
export const health = defineService({
  path: 'health',
  description: 'Whether the platform is well',
  methods: {
    find: {
      description: 'Always 200 while the process lives',
      on: 'collection',
      http: 'GET',
      route: '',
      permission: 'public',
      output: Type.Object({
        status: Type.Enum(['ok', 'degraded']),
        name: Type.String(),
        version: Type.String(),
        uptime: Type.Number({ description: 'Seconds' }),
        startedAt: Type.String({ format: 'date-time' }),
        auth: Type.Enum(['session', 'open']),
        reasons: Type.Array(Type.String())
      })
    },
    ready: {
      description: '200 when requests are answered in full, else 503',
      on: 'collection',
      http: 'GET',
      permission: 'public',
      output: Type.Object({ ready: Type.Boolean() })
    }
  }
})

/** What the platform and its plugins are doing. */
export const status = defineService({
  path: 'status',
  description: 'What the platform and its plugins are doing',
  grants: { operator: ['read'], viewer: ['read'] },
  methods: {
    find: {
      description: 'The platform’s state, with what plugins report at the top level',
      on: 'collection',
      http: 'GET',
      route: '',
      permission: 'status:read',
      output: Type.Object(
        {
          uptime: Type.Number({ description: 'Seconds' }),
          plugins: Type.Record(Type.String(), Type.Unknown())
        },
        { additionalProperties: true }
      )
    }
  }
})

/** Values that an administrator changes while the platform runs. */
export const settings = defineService({
  path: 'settings',
  description: 'Values that an administrator changes while the platform runs',
  methods: {
    find: {
      description: 'Every setting and its value, by key',
      on: 'collection',
      http: 'GET',
      route: '',
      permission: 'settings:read',
      output: Type.Record(Type.String(), Type.Unknown())
    },
    patch: {
      description: 'Sets the ones named, all or none',
      on: 'collection',
      http: 'PATCH',
      route: '',
      permission: 'settings:update',
      input: Type.Object({}, { additionalProperties: true }),
      output: Type.Record(Type.String(), Type.Unknown())
    }
  },
  events: { 'settings-changed': Type.Object({ key: Type.String() }) }
})

/** The feed of committed changes. */
export const changes = defineService({
  path: 'changes',
  description: 'The feed of committed changes',
  methods: {
    find: {
      description: 'The changes after `since` that the caller may read, oldest first',
      on: 'collection',
      http: 'GET',
      route: '',
      permission: 'signed-in',
      input: Type.Object({
        since: Type.Integer({ minimum: 0, default: 0 }),
        limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
        epoch: Type.Optional(
          Type.String({
            maxLength: 20_000,
            description: 'What could be read at `since`, as it was answered then; empty to be told it'
          })
        )
      }),
      output: Type.Object({
        changes: Type.Array(
          Type.Object({
            seq: Type.Integer(),
            resource: Type.String(),
            recordId: Type.String(),
            action: Type.Enum(['created', 'updated', 'patched', 'removed']),
            actor: Type.String(),
            at: Type.String({ format: 'date-time' }),
            record: Type.Unknown()
          })
        ),
        next: Type.Integer({ description: 'The `since` of the next call' }),
        reset: Type.Optional(
          Type.Boolean({ description: 'What came after `since` cannot be told: read every list anew' })
        ),
        epoch: Type.Optional(
          Type.String({ description: 'What can be read now; only where it was asked for' })
        ),
        resetOf: Type.Optional(
          Type.Array(Type.String(), {
            description:
              'Resources of which something else can be read than at `since`: read their lists anew'
          })
        )
      })
    }
  },
  events: {
    hello: Type.Object({
      seq: Type.Integer({ description: 'The last change before this connection' }),
      epoch: Type.String({ description: 'What can be read, to be sent back with `resume`' })
    }),
    reset: Type.Object({
      resource: Type.Optional(Type.String({ description: 'Read its lists anew' })),
      all: Type.Optional(Type.Literal(true, { description: 'Read every list anew' })),
      seq: Type.Integer(),
      epoch: Type.String()
    })
  }
})
