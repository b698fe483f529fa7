/**
 * The columns that the table of every resource has, for its migration.
 *
 * @example
 * await knex.raw(`create table weather_stations (${recordColumns}, name text not null)`)
 */
export const recordColumns = `id text primary key,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()`
