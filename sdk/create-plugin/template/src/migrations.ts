import { recordColumns, type Migration } from '@signalbox/plugin'

/** They run in order, once. One that others have run is never edited: add the next. */
export const migrations: readonly Migration[] = [
  {
    name: '001-doors',
    async up(knex) {
      await knex.raw(`
        create table gatehouse_doors (
          ${recordColumns},
          name text not null,
          area_id text,
          unlocked_until timestamptz
        )`)
      await knex.raw('create index gatehouse_doors_name on gatehouse_doors (name, id)')
      await knex.raw('create index gatehouse_doors_area on gatehouse_doors (area_id)')
    }
  }
]
