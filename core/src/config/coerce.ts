import { Check } from 'typebox/value'
import type { Schema } from './Schema.ts'

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function coerceNumber(text: string): number | string {
  return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text
}

function coerceList(text: string, items: Schema = {}): unknown {
  if (text.trimStart().startsWith('[')) return parseJson(text)

  const parts = text.split(',').map((part) => part.trim())

  return parts.filter((part) => part !== '').map((part) => coerce(part, items))
}

function coerceChoice(text: string, options: readonly Schema[]): unknown {
  for (const option of options) {
    const value = coerce(text, option)

    if (Check(option, value)) return value
  }

  return text
}

/**
 * The value that a text from the environment stands for, by the type of its schema: lists are written with commas
 * or as JSON, objects as JSON, booleans also as `1`, `yes`, `on` and their opposites. A text that does not fit
 * comes back as it is, for validation to name.
 */
export function coerce(text: string, schema: Schema): unknown {
  if (schema.anyOf !== undefined) return coerceChoice(text, schema.anyOf)
  if (schema.enum !== undefined) return schema.enum.find((value) => String(value) === text) ?? text
  if (schema.const !== undefined) return String(schema.const) === text ? schema.const : text

  switch (schema.type) {
    case 'integer':
    case 'number':
      return coerceNumber(text)
    case 'boolean':
      return booleans[text.trim().toLowerCase()] ?? text
    case 'array':
      return coerceList(text, schema.items)
    case 'object':
      return parseJson(text)
    default:
      return text
  }
}
