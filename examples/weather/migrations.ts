import { recordColumns, type Migration } from '@signalbox/plugin'

export const migrations: readonly Migration[] = [
  {
    name: '001-stations',
    async up(knex) {
      await knex.raw(`
        create table weather_stations (
          ${recordColumns},
          name text not null,
          url text not null,
          api_key text,
          temperature double precision,
          wind_speed double precision,
          measured_at timestamptz
        )`)
      await knex.raw('create index weather_stations_name on weather_stations (name, id)')
    }
  },
  {
    name: '002-cameras',
    async up(knex) {
      await knex.raw(`
        create table weather_cameras (
          id text primary key references recorder_cameras (id) on delete cascade,
          station_id text references weather_stations (id)
        )`)
    }
  }
]
