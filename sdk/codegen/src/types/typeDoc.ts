import { group, hardLine, ifBroken, indent, join, line, softLine, type Doc } from '../layout/Doc.ts'
import type { JsonSchema } from '../manifest/JsonSchema.ts'
import { propertyKey } from '../names/words.ts'
import { comment, remarks } from './comment.ts'
import { literal } from './literal.ts'

/** What the records of a resource are called, by its path; undefined where it is not one of the client. */
export type NameOf = (path: string) => string | undefined

export interface TypeOptions {
  readonly nameOf: NameOf
  /** Whether it is what a caller sends, and may leave out where it has a default. */
  readonly isSent: boolean
}

/** One alternative of a type. */
interface Branch {
  readonly doc: Doc
  /** Whether it has braces, which stand on the line of what comes before them. */
  readonly isObject?: boolean
}

type Schema = JsonSchema | boolean

/** A schema as a TypeScript type. What it does not know of JSON Schema allows anything. */
export function typeDoc(schema: Schema, options: TypeOptions): Doc {
  const branches = branchesOf(schema, options)
  const [only = { doc: 'never' }] = branches
  if (branches.length < 2) return only.doc
  const isObjectOrNull = branches.some(({ isObject }) => isObject) && branches.length === 2
  if (isObjectOrNull && branches.some(({ doc }) => doc === 'null')) return join(' | ', docsOf(branches))
  return group(alternatives(branches))
}

/** The fields of the interface that an object schema is, between braces, each on a line of its own. */
export function fieldsDoc(schema: JsonSchema, options: TypeOptions): Doc {
  const fields = fieldDocs(schema, options)
  return fields.length ? ['{', indent(hardLine, join(hardLine, fields)), hardLine, '}'] : '{}'
}

function fieldDocs(schema: JsonSchema, options: TypeOptions): Doc[] {
  const { properties = {}, required = [] } = schema
  const needed = new Set(required)
  const fields = Object.entries(properties).map(([name, field]): Doc => {
    const key = propertyKey(name) + (needed.has(name) ? ': ' : '?: ')
    return [comment(...remarks(field, options)), key, typeDoc(field, options)]
  })
  const others = fields.length ? anyOthers(schema) : othersOf(schema, options)
  return others === undefined ? fields : [...fields, ['[key: string]: ', others]]
}

/** The alternatives of a schema, each once; none for what nothing is. */
function branchesOf(schema: Schema, options: TypeOptions): readonly Branch[] {
  if (typeof schema === 'boolean') return schema ? [unknown] : []
  const branches = schemaBranches(schema, options)
  if (branches.length < 2) return branches
  return branches.some(({ doc }) => doc === 'unknown') ? [unknown] : unique(branches)
}

const unknown: Branch = { doc: 'unknown' }

function schemaBranches(schema: JsonSchema, options: TypeOptions): readonly Branch[] {
  const { type, anyOf, oneOf, allOf, 'x-record': path } = schema
  const record = path === undefined ? undefined : options.nameOf(path)
  if (record !== undefined) return [{ doc: record }]
  if (schema.const !== undefined) return [{ doc: literal(schema.const) }]
  if (schema.enum) return schema.enum.map((value) => ({ doc: literal(value) }))
  const many = anyOf ?? oneOf
  if (many) return many.flatMap((one) => branchesOf(one, options))
  if (allOf)
    return [
      {
        doc: join(
          ' & ',
          allOf.map((one) => bracketed(one, options))
        )
      }
    ]
  if (typeof type === 'object') return type.flatMap((one) => branchesOf({ ...schema, type: one }, options))
  return [plainBranch(schema, options)]
}

function plainBranch(schema: JsonSchema, options: TypeOptions): Branch {
  if (schema.type === 'array') return { doc: arrayDoc(schema, options) }
  if (schema.type === 'object') return { doc: objectDoc(schema, options), isObject: true }
  return scalars.get(String(schema.type)) ?? unknown
}

const scalars: ReadonlyMap<string, Branch> = new Map([
  ['string', { doc: 'string' }],
  ['boolean', { doc: 'boolean' }],
  ['null', { doc: 'null' }],
  ['integer', { doc: 'number' }],
  ['number', { doc: 'number' }]
])

function arrayDoc({ items = true, prefixItems, minItems = 0 }: JsonSchema, options: TypeOptions): Doc {
  if (!prefixItems && items !== false) return [bracketed(items, options), '[]']
  const places = (prefixItems ?? []).map((one, index): Doc =>
    index < minItems ? typeDoc(one, options) : [bracketed(one, options), '?']
  )
  const all = items === false ? places : [...places, ['...', bracketed(items, options), '[]']]
  return group('[', indent(softLine, join([',', line], all)), softLine, ']')
}

function objectDoc(schema: JsonSchema, options: TypeOptions): Doc {
  const { properties = {}, additionalProperties = !schema.patternProperties } = schema
  const [only = '[key: string]: never', ...others] = Object.keys(properties).length
    ? fieldDocs(schema, options)
    : fieldDocs({ ...schema, additionalProperties }, options)
  return others.length ? fieldsDoc(schema, options) : group('{', indent(line, only), line, '}')
}

/** An index signature holds for the named fields too, whatever they are. */
function anyOthers({ patternProperties, additionalProperties = false }: JsonSchema): Doc | undefined {
  return patternProperties || additionalProperties !== false ? 'unknown' : undefined
}

/** What fields without a name may be; undefined where there are none. */
function othersOf(schema: JsonSchema, options: TypeOptions): Doc | undefined {
  const { patternProperties = {}, additionalProperties = false } = schema
  const values: Schema[] = Object.values(patternProperties)
  if (additionalProperties !== false) values.push(additionalProperties)
  const anyOf = values.map((value) => (typeof value === 'boolean' ? {} : value))
  return anyOf.length ? typeDoc({ anyOf }, options) : undefined
}

/** A type that stands before `[]` or `?`, or beside `&`. */
function bracketed(schema: Schema, options: TypeOptions): Doc {
  const branches = branchesOf(schema, options)
  return branches.length > 1 ? group('(', alternatives(branches), softLine, ')') : typeDoc(schema, options)
}

function alternatives(branches: readonly Branch[]): Doc {
  const docs = branches.map(({ doc }) => (typeof doc === 'string' ? doc : indent(doc)))
  return indent(softLine, ifBroken('| '), join([line, '| '], docs))
}

function docsOf(branches: readonly Branch[]): Doc[] {
  return branches.map(({ doc }) => doc)
}

function unique(branches: readonly Branch[]): readonly Branch[] {
  const seen = new Set<Doc>()
  return branches.filter(({ doc }) => !seen.has(doc) && seen.add(doc))
}
