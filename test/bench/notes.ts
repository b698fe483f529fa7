import {
  recordColumns,
  type Context,
  defineCommand,
  definePlugin,
  defineResource,
  type Plugin,
  withDefault
} from '@signalbox/plugin'
import { Type } from 'typebox'
import type { Reading } from './fanOut/Teller.ts'

const reading = Type.Object({
  id: Type.String(),
  by: Type.String(),
  at: Type.Union([Type.String(), Type.Integer()]),
  boxes: Type.Optional(Type.Unsafe<Reading['boxes']>(Type.Array(Type.Object({}))))
})

/** A resource like most: a handful of columns, no hooks. */
export const notes = defineResource({
  path: 'notes',
  singular: 'note',
  description: 'Notes',
  table: 'bench_notes',
  schema: Type.Object({
    title: Type.String({ minLength: 1, maxLength: 200 }),
    body: Type.String({ maxLength: 2000 }),
    tags: withDefault(Type.Array(Type.String()), []),
    rank: withDefault(Type.Integer(), 0),
    pinned: withDefault(Type.Boolean(), false)
  }),
  events: { 'note:read': reading }
})

export const joinRoom = defineCommand({
  name: 'bench:join',
  description: 'Joins a room',
  reply: 'joined',
  input: Type.String(),
  output: Type.Object({ room: Type.String() })
})

/** A plugin that owns {@link notes}, and hands its context to whoever measures. */
export function notesPlugin(onStart: (ctx: Context) => void): Plugin {
  const plugin = definePlugin({
    name: '@signalbox/bench',
    version: '0.1.0',
    platform: '^1.0.0',
    resources: [notes],
    commands: [joinRoom],
    migrations: [
      {
        name: '001-notes',
        up: (knex) =>
          knex.raw(`
            create table bench_notes (
              ${recordColumns},
              title text not null,
              body text not null,
              tags jsonb not null,
              rank double precision not null,
              pinned boolean not null
            )`)
      }
    ],
    register(ctx) {
      ctx.command(joinRoom, (room, connection) => {
        connection.join(room)
        return { room }
      })
    },
    start: async (ctx) => onStart(ctx)
  })
  return plugin()
}
