import type { Migration } from '@signalbox/plugin'

/** The columns are those that Agenda's Postgres repository reads and writes. */
const createTable = `
  create table core_tasks (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    type text not null default 'normal' check (type in ('normal', 'single')),
    data jsonb not null default '{}',
    priority integer not null default 0,
    next_run_at timestamptz,
    locked_at timestamptz,
    last_modified_by text,
    last_run_at timestamptz,
    last_finished_at timestamptz,
    failed_at timestamptz,
    fail_count integer,
    fail_reason text,
    repeat_interval text,
    repeat_timezone text,
    repeat_at text,
    disabled boolean not null default false,
    progress real,
    fork boolean not null default false,
    debounce_started_at timestamptz,
    start_date timestamptz,
    end_date timestamptz,
    skip_days jsonb
  )`

const createIndexes = [
  'create index core_tasks_due on core_tasks (name, next_run_at)',
  `create unique index core_tasks_recurring on core_tasks (name) where type = 'single'`,
  `create unique index core_tasks_key on core_tasks (name, (data->>'key')) where data->>'key' is not null`
]

/** The table of the task store. Agenda's own way of making it fails when several processes start at once. */
export const taskMigrations: readonly Migration[] = [
  {
    name: '001-tasks',
    async up(knex) {
      await knex.raw(createTable)
      for (const index of createIndexes) await knex.raw(index)
    }
  }
]
