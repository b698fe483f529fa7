import { recordColumns, definePlugin, defineResource, PlatformError } from '@signalbox/plugin'
import { Type } from 'typebox'

/** Something that belongs to one person, and of which only its readers hear. */
export const notes = defineResource({
  path: 'notes',
  singular: 'note',
  description: 'Notes',
  table: 'notebook_notes',
  schema: Type.Object({
    text: Type.String({ maxLength: 200 }),
    ownerId: Type.Optional(Type.String()),
    pin: Type.Optional(Type.String())
  }),
  secrets: ['pin'],
  scopes: { own: 'ownerId' },
  scoped: true,
  grants: { owner: ['read', 'create', 'update', 'remove'] }
})

/** A setting, and a resource whose creation can be made to fail after its row was written. */
export const notebook = definePlugin({
  name: '@signalbox/notebook',
  version: '1.0.0',
  platform: '^1.0.0',
  settings: {
    colour: { description: 'Of the paper', schema: Type.Enum(['white', 'yellow'], { default: 'white' }) },
    lines: { description: 'On a page', schema: Type.Integer({ minimum: 1, maximum: 100, default: 30 }) }
  },
  resources: [notes],
  migrations: [
    {
      name: '001-notes',
      async up(knex) {
        await knex.raw(`
          create table notebook_notes (
            ${recordColumns},
            text text not null,
            owner_id text,
            pin text
          )`)
      }
    }
  ],
  register(ctx) {
    const refuse = async (
      { data }: { data: { text?: string } },
      next: () => Promise<void>
    ): Promise<void> => {
      await next()
      if (data.text?.startsWith('refused')) throw new PlatformError('refused', 'The pen is dry.')
      if (data.text?.startsWith('broken')) throw new Error('select secret from core_users at (broken.ts:1:1)')
    }
    ctx.hook(notes, { create: [refuse], patch: [refuse] })
  }
})
