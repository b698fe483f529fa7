import { PlatformError } from '@signalbox/plugin'
import type { TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { coercer, typesOf } from './coerce.ts'
import { fieldErrors } from './fieldErrors.ts'
import { snakeNames } from './names.ts'

export type Decode = (input: unknown) => Record<string, unknown>

export interface DecoderOptions {
  /** Fields that are accepted and ignored. */
  readonly ignored?: readonly string[]
  /** Whether the input comes as strings, from a query. */
  readonly coerced?: boolean
}

/**
 * Compiles a decoder: snake_case names become ours, ignored fields go, defaults are filled in, and what is then
 * not of the schema is a 400 that names each field.
 */
export function bodyDecoder(schema: TObject, { ignored = [], coerced = false }: DecoderOptions = {}): Decode {
  const check = Compile(schema)
  const known = new Set(Object.keys(schema.properties))
  const skipped = new Set(ignored.filter((name) => !known.has(name)))
  const bySnake = snakeNames([...known, ...skipped])
  const hasDefaults = JSON.stringify(schema).includes('"default":')
  const coercers = new Map(Object.entries(schema.properties).map(([name, field]) => [name, coercer(field)]))
  const lists = new Set(
    Object.entries(schema.properties)
      .filter(([, field]) => typesOf(field).has('array'))
      .map(([name]) => name)
  )

  const read = (name: string, value: unknown): unknown => {
    if (!coerced) return value
    if (lists.has(name) && typeof value === 'string') return value.split(',')
    return coercers.get(name)?.(value) ?? value
  }

  return (input) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      throw new PlatformError('invalid', 'The body must be a JSON object.')
    }
    const data: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(input)) {
      const name = known.has(key) ? key : (bySnake.get(key) ?? key)
      // Assigned, it would become the prototype of the data and lend it fields that nobody checks.
      if (name === '__proto__') throw invalid([{ field: name, message: 'is not a known field' }])
      if (skipped.has(name) || value === undefined) continue
      data[name] = read(name, value)
    }
    const complete = hasDefaults ? (Value.Default(schema, data) as Record<string, unknown>) : data
    if (!check.Check(complete)) throw invalid(fieldErrors(check.Errors(complete)))
    return complete
  }
}

function invalid(errors: readonly { field: string; message: string }[]): PlatformError {
  const sentence = errors.map(({ field, message }) => `${field || 'body'}: ${message}`).join('; ')
  return new PlatformError('invalid', sentence || 'The body does not fit its schema.', { errors })
}
