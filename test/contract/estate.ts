import { definePlugin, defineResource, via, withDefault, type Context } from '@signalbox/plugin'
import { Type } from 'typebox'

const base = `id text primary key, version integer not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()`

/** Something that stands in a node of the scope tree, and may be somebody's. */
export const lamps = defineResource({
  path: 'lamps',
  singular: 'lamp',
  description: 'Lamps',
  table: 'estate_lamps',
  schema: Type.Object({
    name: Type.String({ maxLength: 10_000 }),
    siteId: Type.Optional(Type.String()),
    ownerId: Type.Optional(Type.String()),
    watts: Type.Optional(Type.Integer()),
    height: Type.Optional(Type.Number()),
    lit: withDefault(Type.Boolean(), false),
    tags: withDefault(Type.Array(Type.String()), []),
    hungAt: Type.Optional(Type.String({ format: 'date-time' }))
  }),
  scopes: { own: 'ownerId', node: 'siteId' },
  methods: {
    blink: { description: 'Blinks', on: 'record', output: Type.Object({ name: Type.String() }) },
    darken: { description: 'All of them', on: 'collection' }
  },
  events: { blinked: Type.Object({ name: Type.String() }) }
})

/** Stands where its lamp does; only its readers hear of it. */
export const bulbs = defineResource({
  path: 'bulbs',
  singular: 'bulb',
  description: 'Bulbs',
  table: 'estate_bulbs',
  schema: Type.Object({ lampId: Type.String(), colour: Type.Optional(Type.String()) }),
  scopes: via('lampId', lamps),
  scoped: true
})

/** Lamps and bulbs on a tree of sites; `running` is its context once it has started. */
export const estate = {
  running: undefined as unknown as Context,
  plugin: () =>
    definePlugin({
      name: '@signalbox/estate',
      version: '1.0.0',
      platform: '^1.0.0',
      resources: [lamps, bulbs],
      migrations: [
        {
          name: '001-estate',
          async up(knex) {
            await knex.raw(
              `create table estate_lamps (${base}, name text not null, site_id text, owner_id text,
                watts integer, height double precision, lit boolean not null, tags jsonb not null, hung_at timestamptz)`
            )
            await knex.raw(`create table estate_bulbs (${base}, lamp_id text not null, colour text)`)
          }
        }
      ],
      register(ctx) {
        ctx.handle(lamps, {
          blink: async ({ id }) => {
            const lamp = await ctx.running.service(lamps).get(id)
            ctx.running.emit(lamps, 'blinked', { name: lamp.name }, { about: lamp })
            return { name: lamp.name }
          },
          darken: () => undefined
        })
      },
      async start(ctx) {
        estate.running = ctx
      }
    })()
}
