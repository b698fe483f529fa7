import type { Schema } from './Schema.ts'

function describeRange({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` between ${minimum} and ${maximum}`
  if (minimum !== undefined) return ` of at least ${minimum}`

  return maximum === undefined ? '' : ` of at most ${maximum}`
}

function describeString({ minLength = 0, pattern }: Schema): string {
  if (pattern !== undefined) return `a string that matches ${pattern}`
  if (minLength > 1) return `a string of at least ${minLength} characters`

  return minLength === 1 ? 'a string that is not empty' : 'a string'
}

function describeChoice(options: readonly Schema[]): string {
  const isLiteral = options.every((option) => option.const !== undefined)

  return isLiteral
    ? `one of ${options.map((option) => String(option.const)).join(', ')}`
    : options.map(describeType).join(' or ')
}

/** What a good value is, as the end of the sentence `PORT must be …`: `an integer between 0 and 65535`. */
export function describeType(schema: Schema): string {
  if (schema.expected !== undefined) return schema.expected
  if (schema.const !== undefined) return String(schema.const)
  if (schema.enum !== undefined) return `one of ${schema.enum.map(String).join(', ')}`
  if (schema.anyOf !== undefined) return describeChoice(schema.anyOf)

  switch (schema.type) {
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `an integer${describeRange(schema)}`
    case 'number':
      return `a number${describeRange(schema)}`
    case 'string':
      return describeString(schema)
    case 'array':
      return schema.items?.type === undefined ? 'a list' : `a list of ${schema.items.type}s`
    case 'object':
      return 'an object'
    case 'null':
      return 'null'
    default:
      return 'a value that its schema allows'
  }
}
