import { recordColumns, definePlugin, defineResource } from '@signalbox/plugin'
import { Type } from 'typebox'

export const partCount = 1050

/** A resource with a field of each kind. */
export const parts = defineResource({
  path: 'parts',
  singular: 'part',
  description: 'Spare parts',
  table: 'shelf_parts',
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    quantity: Type.Optional(Type.Integer({ minimum: 0 })),
    price: Type.Optional(Type.Number()),
    inStock: Type.Boolean({ default: true }),
    tags: Type.Array(Type.String(), { default: [] }),
    seenAt: Type.Optional(Type.String({ format: 'date-time' })),
    pin: Type.Optional(Type.String({ maxLength: 20 }))
  }),
  secrets: ['pin'],
  search: ['name'],
  defaultSort: { name: 1 }
})

/** Keeps more parts than one list answers, all made in one unit of work. */
export const shelf = definePlugin({
  name: '@signalbox/shelf',
  version: '1.0.0',
  platform: '^1.0.0',
  resources: [parts],
  migrations: [
    {
      name: '001-parts',
      async up(knex) {
        await knex.raw(`
          create table shelf_parts (
            ${recordColumns},
            name text not null,
            quantity integer,
            price double precision,
            in_stock boolean not null,
            tags jsonb not null,
            seen_at timestamptz,
            pin text
          )`)
      }
    }
  ],
  async start(ctx) {
    await ctx.unitOfWork(async () => {
      for (let n = 0; n < partCount; n++) {
        await ctx.service(parts).create({
          name: `Part ${String(n).padStart(4, '0')}`,
          ...(n % 10 !== 0 && { quantity: n % 7 }),
          price: n / 4,
          inStock: n % 2 === 0,
          tags: n % 5 === 0 ? ['brass', `bin-${n % 3}`] : [`bin-${n % 3}`],
          ...(n % 3 === 0 && { seenAt: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString() })
        })
      }
    })
  }
})
