import { definePlugin, defineResource, recordColumns, type Context, type Plugin } from '@signalbox/plugin'
import { Type } from 'typebox'

/** Five resources: who may read them all stands in a room of each. */
export const halls = [1, 2, 3, 4, 5].map((number) =>
  defineResource({
    path: `hall${number}`,
    singular: `hall${number}`,
    description: `What is in hall ${number}`,
    table: `bench_hall${number}`,
    schema: Type.Object({ name: Type.String() }),
    events: { [bellOf(number)]: Type.Object({ id: Type.String() }) }
  })
)

/** The event that the readers of a hall hear. */
export function bellOf(number: number): string {
  return `hall${number}:bell`
}

/** A plugin that owns {@link halls}, and hands its context to whoever measures. */
export function hallsPlugin(onStart: (ctx: Context) => void): Plugin {
  const plugin = definePlugin({
    name: '@signalbox/bench',
    version: '0.1.0',
    platform: '^1.0.0',
    resources: halls,
    migrations: [
      {
        name: '001-halls',
        up: async (knex) => {
          for (const { table } of halls)
            await knex.raw(`create table ${table} (${recordColumns}, name text not null)`)
        }
      }
    ],
    start: async (ctx) => onStart(ctx)
  })
  return plugin()
}
