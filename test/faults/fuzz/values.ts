import fc from 'fast-check'
import type { TSchema } from 'typebox'

const odd: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  2 ** 31,
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\uffff',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  "' or 1=1--",
  '%00',
  '%',
  '*',
  'null',
  'NaN',
  '1e999',
  '2020-13-45T99:99:99Z',
  '🦆'.repeat(50),
  '9'.repeat(400),
  'x'.repeat(100_000),
  '-'.repeat(2000),
  [],
  {},
  [[]],
  [null],
  { $ne: null },
  { $gt: {} },
  { $in: 'x' },
  { $or: 5 },
  { length: 1e9 },
  { toString: 1 },
  { id: {} },
  Array.from({ length: 1000 }, () => 1),
  JSON.parse('{"__proto__":{"admin":true}}'),
  { constructor: { prototype: {} } }
]

/** JSON of any kind: what nobody would send, and what somebody will. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...odd) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2000 }).map(nested) }
)

/** A value that fits a schema, more or less. */
export function fitting(schema: TSchema | undefined): fc.Arbitrary<unknown> {
  const {
    enum: choices,
    type,
    items,
    properties
  } = (schema ?? {}) as {
    readonly enum?: readonly unknown[]
    readonly type?: string
    readonly items?: TSchema
    readonly properties?: Readonly<Record<string, TSchema>>
  }
  if (choices?.length) return fc.constantFrom(...choices)
  switch (type) {
    case 'string':
      return fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.constantFrom('a@example.org', 'test', 'file:///etc', '* * * * *')
      )
    case 'integer':
      return fc.integer({ min: -5, max: 100_000 })
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(fitting(items), { maxLength: 3 })
    case 'object':
      return bodyOf(properties ?? {})
    default:
      return anything
  }
}

/** An object with some of these fields, mostly of their types, and sometimes one that is none of them. */
export function bodyOf(properties: Readonly<Record<string, TSchema>>): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(properties).map(([name, schema]): [string, fc.Arbitrary<unknown>] => [
    name,
    fc.oneof({ weight: 6, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anything })
  ])
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [] })
  const unknown = fc.dictionary(
    fc.constantFrom('colour', 'id', 'version', '$set', '__proto__', ''),
    anything,
    { maxKeys: 1 }
  )
  return fc
    .tuple(known, fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: unknown }))
    .map(([body, more]) => ({ ...body, ...more }))
}

/** A query as an object: paging, operators and fields, with values of any kind. */
export function queryOf(fields: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const keys = fc.constantFrom(
    '$limit',
    '$skip',
    '$sort',
    '$select',
    '$or',
    '$and',
    '$after',
    '$total',
    'page',
    'limit',
    'search',
    'since',
    '__proto__',
    'constructor',
    '$where',
    '',
    ...fields
  )
  const operators = fc.dictionary(
    fc.constantFrom('$ne', '$gt', '$lt', '$in', '$nin', '$regex', '__proto__'),
    anything,
    {
      maxKeys: 2
    }
  )
  const sensible = fc.constantFrom(
    '1',
    '0',
    '-1',
    '20',
    'name',
    'true',
    ['id'],
    { name: '1' },
    { createdAt: -1 }
  )
  return fc.dictionary(keys, fc.oneof(anything, operators, sensible), { maxKeys: 4 })
}

/** Nested so deep that what calls itself for each level may run out of stack. */
export function nested(depth: number): unknown {
  let value: unknown = 'core'
  for (let n = 0; n < depth; n++) value = n % 2 ? [value] : { a: value }
  return value
}
