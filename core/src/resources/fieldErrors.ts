import type { FieldError } from '@signalbox/plugin'
import type { TLocalizedValidationError } from 'typebox/error'

/**
 * What is wrong, field by field, in words. TypeBox reports every branch of a union and every level of a closed
 * object; here each field is said once, by its most telling error.
 */
export function fieldErrors(errors: readonly TLocalizedValidationError[]): FieldError[] {
  const faults = new Map<string, string>()
  for (const error of errors) {
    for (const { field, message } of read(error)) {
      const known = faults.get(field)
      if (known === undefined || known === generic) faults.set(field, message)
      else if (message.startsWith('must be one of') && known.startsWith('must be one of')) {
        faults.set(field, `${known}, ${message.slice('must be one of '.length)}`)
      }
    }
  }
  const fields = [...faults.keys()]
  return [...faults]
    .filter(
      ([field, message]) => message !== generic || !fields.some((other) => other.startsWith(`${field}.`))
    )
    .map(([field, message]) => ({ field, message }))
}

const generic = 'has a value that does not fit'

function read({ keyword, instancePath, params, message }: TLocalizedValidationError): FieldError[] {
  const path = instancePath.slice(1).replaceAll('/', '.')
  const values = params as {
    allowedValues?: readonly unknown[]
    allowedValue?: unknown
    requiredProperties?: string[]
  }
  switch (keyword) {
    case 'additionalProperties':
      return []
    case 'boolean':
      return [{ field: path, message: 'is not a known field' }]
    case 'required':
      return (values.requiredProperties ?? []).map((name) => ({
        field: path ? `${path}.${name}` : name,
        message: 'is required'
      }))
    case 'anyOf':
      return [{ field: path, message: generic }]
    case 'enum':
      return [{ field: path, message: `must be one of ${(values.allowedValues ?? []).join(', ')}` }]
    case 'const':
      return [{ field: path, message: `must be one of ${String(values.allowedValue)}` }]
    default:
      return message === 'must be null' ? [] : [{ field: path, message }]
  }
}
