import { propertyKey, quoted } from '../names/words.ts'

/** The type that only one JSON value has. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  const fields = Object.entries(value).map(([name, one]) => `${propertyKey(name)}: ${literal(one)}`)
  return fields.length ? `{ ${fields.join('; ')} }` : '{}'
}
