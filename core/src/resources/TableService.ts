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
import { placeOf } from './Place.ts'
import { RowCodec, type Row } from './RowCodec.ts'
import { quote } from './columnRef.ts'
import { TableReach } from './TableReach.ts'
import { tableSql, type TableSql } from './tableSql.ts'
import { writeSql, type Action, type Write, type WriteParts } from './writeSql.ts'

/** What the pipeline hands to a service beside the Feathers arguments. */
export type TableParams = Pick<CallParams, 'decoded' | 'access' | 'version'>

export interface TableServiceParts {
  readonly units: UnitsOfWork
  readonly secrets: SecretBox
  /** Finds the resource that another takes its scopes from. */
  readonly modelOf: (path: string) => ResourceModel | undefined
  /** Called after a write outside of a unit of work has committed its change. */
  readonly onChange: () => void
}

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

/**
 * The Feathers service of a resource that lives in a table. Each write is one statement that also writes its
 * change record, so that outside of a wider unit of work it needs no transaction of its own.
 */
export class TableService {
  readonly #model: ResourceModel
  readonly #layout: TableLayout
  readonly #reach: TableReach
  readonly #sql: TableSql
  readonly #parts: TableServiceParts
  readonly #codec: RowCodec
  readonly #writing: WriteParts

  constructor(model: ResourceModel, parts: TableServiceParts) {
    this.#model = model
    this.#layout = model.layout
    const place = placeOf(model, parts.modelOf)
    this.#sql = tableSql(model.layout, place)
    this.#parts = parts
    this.#codec = new RowCodec(model.layout, model.resource.secrets ?? [], parts.secrets)
    this.#reach = new TableReach(model.resource, { place, codec: this.#codec })
    this.#writing = {
      path: model.path,
      layout: model.layout,
      sql: this.#sql,
      codec: this.#codec,
      hasPlace: place !== undefined
    }
  }

  async find({ decoded, access }: TableParams): Promise<ListAnswer> {
    const { filter, window } = decoded ?? this.#model.decodeQuery({})
    const search = window.search
      ? searchSql(window.search, this.#model.resource.search ?? [], this.#layout)
      : nothing
    const matching = allOf([filterSql(filter, this.#layout), search, this.#reach.of(access)])
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
    const data = this.#reach.owned(input, access)
    const columns = this.#layout.writable
    const stored = (column: Column): unknown =>
      this.#codec.toColumn(column, data[column.field] ?? column.initial)
    const values = columns.map(stored)
    const names = ['id', 'created_at', 'updated_at', ...columns.map(({ column }) => column)]
      .map(quote)
      .join(', ')
    const list = `?, ${now}, ${now}${', ?'.repeat(values.length)}`
    const reach = this.#reach.of(access, (name) => ({
      sql: '?::text',
      bindings: [name === 'id' ? data['id'] : columns.filter(({ column }) => column === name).map(stored)[0]]
    }))
    const row: Fragment = {
      sql: `insert into ${quote(this.#layout.table)} (${names}) ${reach.sql ? `select ${list} where ${reach.sql}` : `values (${list})`} returning *`,
      bindings: [data['id'] ?? uuid(), ...values, ...reach.bindings]
    }
    const [created] = await this.#write({ action: 'created', row, data, id: undefined })
    if (!created)
      throw new PlatformError('forbidden', `You may not make a ${this.#model.resource.singular} there.`)
    return created
  }

  /** Replaces the record; a secret that is left out is kept. */
  async update(id: string, input: Row, params: TableParams): Promise<Row> {
    const data = this.#reach.kept(input, params.access)
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
    const where = allOf([{ sql: 'r.id = ?', bindings: [id] }, versionSql(version), this.#reach.of(access)])
    const row: Fragment = {
      sql: `delete from ${quote(this.#layout.table)} r where ${where.sql} returning *`,
      bindings: where.bindings
    }
    const [removed] = await this.#write({ action: 'removed', row, data: {}, id: undefined })
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
    if (!fields.length) return {}
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

  /** The scopes a record stands in, as the feed keeps them. */
  async scopesOf(id: string): Promise<readonly string[]> {
    const [row] = await this.#query({
      sql: `select ${this.#sql.scopes} as scopes from ${this.#sql.from} where r.id = ?`,
      bindings: [id]
    })
    if (!row) throw this.#missing(id)
    return row['scopes'] as readonly string[]
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
      this.#reach.of(params.access),
      this.#reach.afterMove(params.access, columns, data)
    ])
    const sets = columns.map(({ column }) => `${quote(column)} = ?`)
    const row: Fragment = {
      sql: `update ${quote(this.#layout.table)} r set ${[...sets, 'version = r.version + 1', `updated_at = ${now}`].join(', ')}
        ${this.#writing.hasPlace ? 'from before where r.id = before.before_id and' : 'where'} ${where.sql} returning r.*`,
      bindings: [
        ...columns.map((column) => this.#codec.toColumn(column, data[column.field])),
        ...where.bindings
      ]
    }
    const [changed] = await this.#write({ action, row, data, id })
    if (!changed) throw await this.#refusal(id, { ...params, version })
    return changed
  }

  async #write(write: Pick<Write, 'action' | 'row' | 'data' | 'id'>): Promise<Row[]> {
    const { caller, requestId } = currentRequest()
    const statement = writeSql(this.#writing, { ...write, actor: caller.actor, requestId })
    const rows = await this.#query(statement, { prepared: true })
    if (rows.length) this.#parts.units.afterCommit(this.#parts.onChange)
    return rows.map((stored) => this.#codec.fromRow(stored))
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
    return rows.map((row) => this.#codec.fromRow(row))
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
    return allOf([{ sql: 'r.id = ?', bindings: [id] }, this.#reach.of(access)])
  }

  /** Why a write touched nothing: the record is not there (for this caller), or it has moved on. */
  async #refusal(id: string, { access, version }: TableParams): Promise<PlatformError> {
    const [row] = await this.#rows(this.#one(id, access))
    if (!row) return this.#missing(id)
    if (version === undefined || version === row['version'])
      return new PlatformError(
        'forbidden',
        `You may not move this ${this.#model.resource.singular} out of your reach.`
      )
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
}

function versionSql(version: number | undefined): Fragment {
  return version === undefined ? nothing : { sql: 'r.version = ?', bindings: [version] }
}
