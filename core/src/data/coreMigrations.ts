import { recordColumns, type Migration } from '@signalbox/plugin'
import { numberChanges } from './numberChanges.ts'

/** The host's own tables. */
export const coreMigrations: readonly Migration[] = [
  {
    name: '001-feed',
    async up(knex) {
      await knex.raw(`
        create table core_changes (
          local_id bigint generated always as identity,
          seq bigint,
          at timestamptz not null default clock_timestamp(),
          resource text not null,
          record_id text not null,
          action text not null,
          actor text not null,
          request_id text,
          scopes_before text[],
          scopes_after text[],
          record jsonb not null
        ) partition by range (at)`)
      await knex.raw('create table core_changes_default partition of core_changes default')
      await knex.raw('create index core_changes_seq on core_changes (seq) where seq is not null')
      await knex.raw('create index core_changes_unnumbered on core_changes (local_id) where seq is null')
      await knex.raw('create table core_feed (last_seq bigint not null)')
      await knex.raw('insert into core_feed (last_seq) values (0)')
      await knex.raw(numberChanges)
    }
  },
  {
    name: '002-identity',
    async up(knex) {
      await knex.raw(`
        create table core_roles (
          ${recordColumns},
          label text not null,
          description text,
          permissions jsonb not null default '[]'
        )`)
      await knex.raw(`
        create table core_users (
          ${recordColumns},
          email text not null,
          username text,
          first_name text,
          last_name text,
          role text references core_roles (id),
          status text not null default 'active',
          password text
        )`)
      await knex.raw('create unique index core_users_email on core_users (lower(email))')
      await knex.raw('create unique index core_users_username on core_users (lower(username))')
      await knex.raw('create index core_users_role on core_users (role)')
      await knex.raw(`
        create table core_grants (
          ${recordColumns},
          subject_type text not null,
          subject_id text not null,
          permission text not null,
          effect text not null,
          scope text not null,
          unique (subject_type, subject_id, permission, effect, scope)
        )`)
      await knex.raw(`
        create table core_permissions (
          ${recordColumns},
          permission_key text not null unique,
          description text,
          plugin text
        )`)
      await knex.raw(`
        create table core_sessions (
          id text primary key,
          user_id text not null references core_users (id) on delete cascade,
          created_at timestamptz not null default now(),
          expires_at timestamptz not null,
          lifetime integer not null,
          refresh_hash text not null unique,
          previous_hash text unique,
          rotated_at timestamptz,
          address text,
          user_agent text
        )`)
      await knex.raw('create index core_sessions_user on core_sessions (user_id)')
      await knex.raw('create index core_sessions_expiry on core_sessions (expires_at)')
    }
  },
  {
    name: '003-settings-and-idempotency',
    async up(knex) {
      await knex.raw(`
        create table core_settings (
          key text primary key,
          value jsonb not null,
          updated_at timestamptz not null default now()
        )`)
      await knex.raw(`
        create table core_idempotency (
          key text primary key,
          request_hash text not null,
          answer jsonb,
          created_at timestamptz not null default now()
        )`)
      await knex.raw('create index core_idempotency_age on core_idempotency (created_at)')
    }
  },
  {
    name: '004-nodes',
    async up(knex) {
      await knex.raw(`
        create table core_leases (
          key text primary key,
          holder text not null,
          fence bigint not null,
          expires_at timestamptz not null
        )`)
      await knex.raw(`
        create table core_consumers (
          name text primary key,
          seq bigint not null,
          fence bigint not null default 0,
          updated_at timestamptz not null default now()
        )`)
    }
  },
  {
    name: '005-scopes',
    async up(knex) {
      await knex.raw(`
        create table core_scopes (
          id text primary key,
          parent_id text references core_scopes (id),
          kind text not null,
          path text[] not null,
          extent bigint not null default 0
        )`)
      await knex.raw('create index core_scopes_parent on core_scopes (parent_id)')
      await knex.raw('create index core_scopes_path on core_scopes using gin (path)')
      await knex.raw('alter table core_grants add column valid_from timestamptz')
      await knex.raw('alter table core_grants add column valid_until timestamptz')
      await knex.raw('create index core_grants_scope on core_grants (scope)')
    }
  },
  {
    name: '006-api-keys',
    async up(knex) {
      await knex.raw(`
        create table core_api_keys (
          ${recordColumns},
          name text not null,
          user_id text not null references core_users (id),
          permissions jsonb,
          expires_at timestamptz,
          key text not null,
          key_hash text not null unique,
          last_used_at timestamptz
        )`)
      await knex.raw('create index core_api_keys_user on core_api_keys (user_id)')
    }
  },
  {
    name: '007-sessions',
    async up(knex) {
      // A session is found by its id: a rotation then changes no column of an index, and stays on its page.
      await knex.raw('alter table core_sessions drop constraint core_sessions_refresh_hash_key')
      await knex.raw('alter table core_sessions drop constraint core_sessions_previous_hash_key')
      await knex.raw('drop index core_sessions_expiry')
      await knex.raw('alter table core_sessions set (fillfactor = 70)')
    }
  }
]
