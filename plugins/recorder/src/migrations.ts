import { recordColumns, type Migration } from '@signalbox/plugin'

export const migrations: readonly Migration[] = [
  {
    name: '001-cameras-and-jobs',
    async up(knex) {
      await knex.raw(`
        create table recorder_cameras (${recordColumns},
          name text not null,
          protocol text not null,
          streams jsonb,
          username text,
          password text,
          tags jsonb not null default '[]',
          location text,
          model text,
          enabled boolean not null default true
        )`)
      await knex.raw('create index recorder_cameras_name on recorder_cameras (name, id)')
      await knex.raw(`
        create table recorder_jobs (${recordColumns},
          name text not null,
          camera_id text not null references recorder_cameras (id),
          stream_key text not null,
          action text not null,
          trigger_type text not null,
          cron text,
          cron_stop text,
          duration double precision,
          period_start text,
          period_end text,
          period_recurrent boolean not null default false,
          output_dir text,
          file_pattern text,
          output_format text not null,
          segment_duration double precision not null,
          codec text not null,
          resolution text,
          quality text,
          extra_args jsonb not null default '[]',
          custom_command jsonb,
          retention_days double precision,
          retention_max_gb double precision,
          max_retries integer not null,
          priority integer not null default 0,
          enabled boolean not null default true,
          wanted boolean not null default false,
          decided_at timestamptz
        )`)
      await knex.raw('create index recorder_jobs_name on recorder_jobs (name, id)')
      await knex.raw('create index recorder_jobs_camera on recorder_jobs (camera_id)')
    }
  },
  {
    name: '002-runs-and-files',
    async up(knex) {
      await knex.raw(`
        create table recorder_runs (
          id text primary key,
          job_id text not null,
          started_at timestamptz not null,
          stopped_at timestamptz,
          status text not null,
          exit_code integer,
          signal text,
          error text,
          files_produced integer not null default 0,
          bytes_produced bigint not null default 0
        )`)
      await knex.raw('create index recorder_runs_job on recorder_runs (job_id, started_at desc)')
      await knex.raw(`create index recorder_runs_open on recorder_runs (job_id) where status = 'running'`)
      await knex.raw(`
        create table recorder_files (
          path text primary key,
          job_id text not null,
          run_id text not null,
          camera_id text not null,
          started_at timestamptz not null,
          ended_at timestamptz not null,
          bytes bigint not null
        )`)
      await knex.raw('create index recorder_files_job on recorder_files (job_id, started_at)')
      await knex.raw('create index recorder_files_camera on recorder_files (camera_id, started_at)')
    }
  },
  {
    name: '003-instances',
    async up(knex) {
      await knex.raw('alter table recorder_runs add column instance text')
      await knex.raw('alter table recorder_files add column instance text')
    }
  },
  {
    name: '004-settled',
    async up(knex) {
      await knex.raw('create table recorder_settled (job_id text primary key, version integer not null)')
    }
  }
]
