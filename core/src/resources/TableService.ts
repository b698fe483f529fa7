import { PlatformError } from '@signalbox/plugin'
import { v7 as uuid } from 'uuid'
import { mapDatabaseError } from '../data/mapDatabaseError.ts'
import { statementName } from '../data/statementName.ts'
import type { SecretBox } from '../data/SecretBox.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { currentRequest } from '../logging/requestContext.ts'
import type { AccessFilter } from '../access/AccessFilter.ts'
import type { CallParams } from './CallParams.ts'
import { afterSql, allOf, filterSql, nothing, orderSql, searchSql, type Fragment } from './filterSql.ts'
import { answerForm, type ListAnswer } from './listForms.ts'
import type { ResourceModel } from './Model.ts'
import { toSnake } from './names.ts'
import type { Column, TableLayout } from './tableLayout.ts'
import { quote, tableSql, type TableSql } from './tableSql.ts'

export type Row = Record<string, unknown>

/** What the pipeline hands to a service beside the Feathers arguments. */
export type TableParams = Pick<CallParams, 'decoded' | 'access' | 'version'>

export interface TableServiceParts {
  readonly units: UnitsOfWork
  readonly secrets: SecretBox
  /** Called after a write outside of a unit of work has committed its change. */
  readonly onChange: () => void
}

/** In a `select`, Postgres takes a bare parameter for text. */
const casts = {
  text: 'text',
  number: 'double precision',
  boolean: 'boolean',
  json: 'jsonb',
  time: 'timestamptz'
} as const

/** As fine as the wire tells it, so that a cursor or a filter made of an answer finds its record again. */
const now = "date_trunc('milliseconds', now())"

interface QueryOptions {
  /** For one of few texts: connections keep it prepared. */
  readonly prepared?: boolean
}

interface RowsOptions extends QueryOptions {
  readonly order?: string
  readonly limit?: number | undefined
  readonly skip?: number
}

type Action = 'created' | 'updated' | 'patched' | 'removed'

/**
 * The Feathers service of a resource that lives in a table. Each write is one statement that also writes its
 * change record, so that outside of a wider unit of work it needs no transaction of its own.
 */
export class TableService {
  readonly #model: ResourceModel
  readonly #layout: TableLayout
  readonly #sql: TableSql
  readonly #parts: TableServiceParts

  constructor(model: ResourceModel, parts: TableServiceParts) {
    this.#model = model
    this.#layout = model.layout
    this.#sql = tableSql(model.layout, model.resource.scopes)
    this.#parts = parts
  }

  async find({ decoded, access }: TableParams): Promise<ListAnswer> {
    const { filter, window } = decoded ?? this.#model.decodeQuery({})
    const search = window.search
      ? searchSql(window.search, this.#model.resource.search ?? [], this.#layout)
      : nothing
    const matching = allOf([filterSql(filter, this.#layout), search, this.#scope(access)])
    const page = allOf([matching, afterSql(window, this.#layout)])
    return answerForm(window, {
      rows: (limit) =>
        this.#rows(page, { order: orderSql(window.sort, this.#layout), limit, skip: window.skip }),
      count: () => this.count(matching)
    })
  }

  async get(id: string, { access }: TableParams): Promise<Row> {
    const [row] = await this.#rows(this.#one(id, access), { prepared: true })
    if (!row) throw this.#missing(id)
    return row
  }

  async create(input: Row, { access }: TableParams): Promise<Row> {
    const owner = this.#model.resource.scopes?.own
    const data = access && owner ? { ...input, [owner]: access.own } : input
    const columns = this.#layout.writable
    const values = columns.map((column) => this.#toColumn(column, data[column.field] ?? column.initial))
    const names = ['id', 'created_at', 'updated_at', ...columns.map(({ column }) => column)]
      .map(quote)
      .join(', ')
    const row: Fragment = {
      sql: `insert into ${quote(this.#layout.table)} (${names}) values (?, ${now}, ${now}${', ?'.repeat(values.length)}) returning *`,
      bindings: [data['id'] ?? uuid(), ...values]
    }
    const [created] = await this.#write('created', row, data)
    return created as Row
  }

  /** Replaces the record; a secret that is left out is kept. */
  async update(id: string, data: Row, params: TableParams): Promise<Row> {
    const secrets = new Set<string>(this.#model.resource.secrets ?? [])
    const readOnly = new Set<string>(this.#model.resource.readOnly ?? [])
    const columns = this.#layout.writable.filter(({ field }) =>
      field in data ? true : !secrets.has(field) && !readOnly.has(field)
    )
    const whole = Object.fromEntries(
      this.#layout.sides.flatMap((side) => side.columns.map(({ field }) => [field, null]))
    )
    return this.#change('updated', id, columns, { ...whole, ...data }, params)
  }

  async patch(id: string, data: Row, params: TableParams): Promise<Row> {
    return this.#change(
      'patched',
      id,
      this.#layout.writable.filter(({ field }) => field in data),
      data,
      params
    )
  }

  async remove(id: string, { access, version }: TableParams): Promise<Row> {
    const where = allOf([{ sql: 'r.id = ?', bindings: [id] }, versionSql(version), this.#scope(access)])
    const row: Fragment = {
      sql: `delete from ${quote(this.#layout.table)} r where ${where.sql} returning *`,
      bindings: where.bindings
    }
    const [removed] = await this.#write('removed', row, {})
    if (!removed) throw await this.#refusal(id, { access, version })
    return removed
  }

  /** The number of records that match. */
  async count(matching: Fragment): Promise<number> {
    const where = matching.sql ? `where ${matching.sql}` : ''
    const [row] = await this.#query({
      sql: `select count(*) as total from ${this.#sql.from} ${where}`,
      bindings: matching.bindings
    })
    return Number(row?.['total'])
  }

  /** The secrets of a record in the clear, for the plugin that owns it. */
  async reveal(id: string): Promise<Record<string, string>> {
    const fields = (this.#model.resource.secrets ?? []) as readonly string[]
    const columns = fields.map((field) => `${quote(toSnake(field))} as ${quote(field)}`).join(', ')
    const [row] = await this.#query({
      sql: `select ${columns} from ${quote(this.#layout.table)} where id = ?`,
      bindings: [id]
    })
    if (!row) throw this.#missing(id)
    const stored = Object.entries(row).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string'
    )
    return Object.fromEntries(stored.map(([field, value]) => [field, this.#parts.secrets.open(value)]))
  }

  async #change(
    action: Action,
    id: string,
    columns: readonly Column[],
    data: Row,
    params: TableParams
  ): Promise<Row> {
    const version = params.version ?? (data['version'] as number | undefined)
    const where = allOf([
      { sql: 'r.id = ?', bindings: [id] },
      versionSql(version),
      this.#scope(params.access)
    ])
    const sets = columns.map(({ column }) => `${quote(column)} = ?`)
    const row: Fragment = {
      sql: `update ${quote(this.#layout.table)} r set ${[...sets, 'version = r.version + 1', `updated_at = ${now}`].join(', ')}
        ${this.#model.resource.scopes ? 'from before where r.id = before.before_id and' : 'where'} ${where.sql} returning r.*`,
      bindings: [...columns.map((column) => this.#toColumn(column, data[column.field])), ...where.bindings]
    }
    const [changed] = await this.#write(action, row, data, id)
    if (!changed) throw await this.#refusal(id, { ...params, version })
    return changed
  }

  /** Runs a write together with its side tables and its change record, as one statement. */
  async #write(action: Action, row: Fragment, data: Row, id?: string): Promise<Row[]> {
    const { caller, requestId } = currentRequest()
    const sides = this.#layout.sides.map((_, n) => this.#side(n, action, data))
    const joined = `row r${sides.map((_, n) => ` left join side${n} s${n} on true`).join('')}`
    const before = this.#before(id)
    const scopesBefore =
      action === 'created' ? 'null' : before.sql ? '(select scopes from before)' : this.#sql.scopes
    const scopesAfter = action === 'removed' ? 'null' : this.#sql.scopes
    const change = `change as (insert into core_changes (resource, record_id, action, actor, request_id, scopes_before, scopes_after, record)
      select ?, r.id, ?, ?, ?, ${scopesBefore}, ${scopesAfter}, ${this.#sql.image} from ${joined})`
    const write: Fragment = {
      sql: `with ${before.sql}row as (${row.sql}), ${sides.map(({ sql }) => `${sql}, `).join('')}${change} select ${this.#sql.select} from ${joined}`,
      bindings: [
        ...before.bindings,
        ...row.bindings,
        ...sides.flatMap(({ bindings }) => bindings),
        this.#model.path,
        action,
        caller.actor,
        requestId ?? null
      ]
    }
    const rows = await this.#query(write, { prepared: true })
    if (rows.length) this.#parts.units.afterCommit(this.#parts.onChange)
    return rows.map((stored) => this.#fromRow(stored))
  }

  /** The scopes a record stands in before a change of it. The update joins this, so that it is read first. */
  #before(id: string | undefined): Fragment {
    if (!this.#model.resource.scopes || id === undefined) return nothing
    return {
      sql: `before as (select r.id as before_id, ${this.#sql.scopes} as scopes from ${quote(this.#layout.table)} r where r.id = ? for update), `,
      bindings: [id]
    }
  }

  /** A side table's part in a write: what the body sets is upserted, the rest is read for the change record. */
  #side(n: number, action: Action, data: Row): Fragment {
    const { table, columns } = this.#layout.sides[n] as TableLayout['sides'][number]
    const set = columns.filter(({ field }) => field in data)
    if (action === 'removed')
      return {
        sql: `side${n} as (delete from ${quote(table)} s using row where s.id = row.id returning s.*)`,
        bindings: []
      }
    if (!set.length)
      return {
        sql: `side${n} as (select s.* from ${quote(table)} s join row on row.id = s.id)`,
        bindings: []
      }
    const names = set.map(({ column }) => quote(column))
    return {
      sql: `side${n} as (insert into ${quote(table)} (id, ${names.join(', ')}) select row.id, ${set.map(({ kind }) => `?::${casts[kind]}`).join(', ')} from row
        on conflict (id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')} returning *)`,
      bindings: set.map((column) => this.#toColumn(column, data[column.field]))
    }
  }

  async #rows(
    where: Fragment,
    { order = '', limit, skip = 0, prepared = false }: RowsOptions = {}
  ): Promise<Row[]> {
    const parts = [
      `select ${this.#sql.select} from ${this.#sql.from}`,
      where.sql && `where ${where.sql}`,
      order && `order by ${order}`,
      limit !== undefined && Number.isFinite(limit) && `limit ${limit}`,
      skip && `offset ${skip}`
    ]
    const query: Fragment = { sql: parts.filter(Boolean).join(' '), bindings: where.bindings }
    const rows = await this.#query(query, { prepared })
    return rows.map((row) => this.#fromRow(row))
  }

  async #query({ sql, bindings }: Fragment, { prepared = false }: QueryOptions = {}): Promise<Row[]> {
    try {
      const query = this.#parts.units.db().raw(sql, bindings as never)
      const name = prepared ? statementName(sql) : undefined
      const result = (await (name === undefined ? query : query.options({ name }))) as { rows: Row[] }
      return result.rows
    } catch (error) {
      throw mapDatabaseError(error)
    }
  }

  #one(id: string, access: AccessFilter | undefined): Fragment {
    return allOf([{ sql: 'r.id = ?', bindings: [id] }, this.#scope(access)])
  }

  #scope(access: AccessFilter | undefined): Fragment {
    if (!access) return nothing
    const own = this.#model.resource.scopes?.own
    return own
      ? { sql: `r.${quote(toSnake(own))} = ?`, bindings: [access.own] }
      : { sql: 'false', bindings: [] }
  }

  /** Why a write touched nothing: the record is not there (for this caller), or it has moved on. */
  async #refusal(id: string, { access, version }: TableParams): Promise<PlatformError> {
    const [row] = await this.#rows(this.#one(id, access))
    if (!row) return this.#missing(id)
    return new PlatformError(
      'conflict',
      `version: this ${this.#model.resource.singular} has changed since version ${version}; it is now at ${String(row['version'])}`,
      {
        data: { version: row['version'] },
        errors: [{ field: 'version', message: `is not the current one, ${String(row['version'])}` }]
      }
    )
  }

  #missing(id: string): PlatformError {
    return new PlatformError(
      'notFound',
      `There is no ${this.#model.resource.singular} with the id ${id.slice(0, 64)}.`
    )
  }

  #toColumn({ field, kind }: Column, value: unknown): unknown {
    if (value === undefined || value === null) return null
    if (this.#isSecret(field)) return this.#parts.secrets.seal(value as string)
    return kind === 'json' ? JSON.stringify(value) : value
  }

  #isSecret(field: string): boolean {
    return (this.#model.resource.secrets as readonly string[] | undefined)?.includes(field) ?? false
  }

  #fromRow(row: Row): Row {
    const record: Row = {}
    for (const { field, kind } of this.#layout.columns) {
      const value = row[field] ?? null
      record[field] = kind === 'time' && value instanceof Date ? value.toISOString() : value
    }
    return record
  }
}

function versionSql(version: number | undefined): Fragment {
  return version === undefined ? nothing : { sql: 'r.version = ?', bindings: [version] }
}
