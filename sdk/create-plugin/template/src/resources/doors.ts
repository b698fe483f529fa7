import { defineResource } from '@signalbox/plugin'
import { Type } from 'typebox'

const instant = Type.String({ format: 'date-time' })

/** Doors. From this one value follow the routes, the events, the permissions, the documents and the types. */
export const doors = defineResource({
  path: 'doors',
  singular: 'door',
  description: 'Doors that can be unlocked for a while',
  table: 'gatehouse_doors',
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100, examples: ['North gate'] }),
    areaId: Type.Optional(
      Type.String({ maxLength: 64, description: 'The node of the scope tree it stands in' })
    ),
    unlockedUntil: Type.Optional(instant)
  }),
  readOnly: ['unlockedUntil'],
  defaultSort: { name: 1 },
  search: ['name'],
  scopes: { node: 'areaId' },
  scoped: true,
  methods: {
    unlock: {
      description: 'Unlocks the door for a while',
      on: 'record',
      output: Type.Object({ unlockedUntil: instant })
    }
  },
  events: {
    'door:locked': Type.Object({ doorId: Type.String(), name: Type.String() })
  },
  grants: { operator: ['read', 'unlock'], viewer: ['read'] }
})
