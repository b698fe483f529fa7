import { defineService } from '@signalbox/plugin'
import { Type } from 'typebox'

/** What the platform measures of itself. The door `/metrics` writes the same for Prometheus. */
export const metrics = defineService({
  path: 'metrics',
  description: 'What the platform measures of itself',
  grants: { operator: ['read'] },
  methods: {
    find: {
      description: 'Every metric with its samples; as text for Prometheus at /metrics',
      on: 'collection',
      http: 'GET',
      route: '',
      permission: 'metrics:read',
      output: Type.Object({
        metrics: Type.Array(
          Type.Object({
            name: Type.String(),
            help: Type.String(),
            type: Type.Enum(['counter', 'gauge', 'histogram']),
            samples: Type.Array(
              Type.Object({
                suffix: Type.Optional(Type.String()),
                labels: Type.Optional(Type.Record(Type.String(), Type.String())),
                value: Type.Number()
              })
            )
          })
        )
      })
    }
  }
})
