import { fieldSchema, isPlainObject } from './Schema.ts'
import type { Schema } from './Schema.ts'

/** A URL is logged in parts as easily as whole: its password is a secret by itself, encoded or not. */
function passwordsOf(text: string): string[] {
  if (!URL.canParse(text)) return []

  const { password } = new URL(text)

  try {
    return [password, decodeURIComponent(password)]
  } catch {
    return [password]
  }
}

function collect(schema: Schema, value: unknown, secret: boolean): string[] {
  const hidden = secret || schema.secret === true

  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((option) => collect(option, value, hidden))
  if (Array.isArray(value)) return value.flatMap((item) => collect(schema.items ?? {}, item, hidden))
  if (isPlainObject(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      collect(fieldSchema(schema, key) ?? {}, item, hidden)
    )
  }
  if (!hidden || (typeof value !== 'string' && typeof value !== 'number')) return []

  return [String(value), ...passwordsOf(String(value))]
}

/** The values of the fields that are marked `secret`, and the passwords in secret URLs; none is empty. */
export function secretValues(schema: Schema, value: unknown): string[] {
  const values = collect(schema, value, false).filter((text) => text !== '')

  return [...new Set(values)]
}
