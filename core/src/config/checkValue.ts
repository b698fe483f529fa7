import { Check } from 'typebox/value'
import { describeType } from './describeType.ts'
import { didYouMean } from './didYouMean.ts'
import { fieldSchema, hasFields, holdsSecret, isPlainObject } from './Schema.ts'
import type { PlainObject, Schema } from './Schema.ts'

/** How a fault speaks of a path: by the variable that its value came from, else by the path itself. */
export interface Names {
  readonly nameOf: (path: string) => string
  /** The variable that could give the path a value. */
  readonly variableOf: (path: string) => string | undefined
}

export interface CheckOptions {
  readonly schema: Schema
  readonly value: unknown
  readonly names: Names
  readonly path?: string
  readonly secret?: boolean
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'a list'

  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

function checkRequired({ schema, names, path = '' }: CheckOptions, value: PlainObject): string[] {
  const missing = (schema.required ?? []).filter((key) => value[key] === undefined)

  return missing.map((key) => {
    const field = path === '' ? key : `${path}.${key}`
    const variable = names.variableOf(field)

    return `${names.nameOf(field)} is required${variable === undefined ? '' : ` (${variable})`}`
  })
}

function checkFields(options: CheckOptions, value: PlainObject): string[] {
  const { schema, names, path = '' } = options
  const prefix = path === '' ? '' : `${path}.`

  const faults = Object.entries(value).flatMap(([key, item]) => {
    const field = fieldSchema(schema, key)
    if (field !== undefined) return checkValue({ ...options, schema: field, value: item, path: prefix + key })

    const known = Object.keys(schema.properties ?? {}).map((name) => prefix + name)
    return [`${names.nameOf(prefix + key)} is not an option${didYouMean(prefix + key, known)}`]
  })

  return [...faults, ...checkRequired(options, value)]
}

function checkParts(options: CheckOptions): string[] {
  const { schema, value, path = '' } = options
  const { items } = schema

  if (hasFields(schema) && isPlainObject(value)) return checkFields(options, value)
  if (items === undefined || !Array.isArray(value)) return []

  return value.flatMap((item, index) =>
    checkValue({ ...options, schema: items, value: item, path: `${path}[${index}]` })
  )
}

/** The faults of a value against its schema, one sentence each. Objects are closed; a secret is never quoted. */
export function checkValue(options: CheckOptions): string[] {
  const { schema, value, names, path = '' } = options
  const secret = options.secret === true || schema.secret === true
  const faults = checkParts({ ...options, secret })

  if (faults.length > 0 || Check(schema, value)) return faults

  const got = secret || holdsSecret(schema) ? '' : `, got ${describeValue(value)}`

  return [`${names.nameOf(path)} must be ${describeType(schema)}${got}`]
}
