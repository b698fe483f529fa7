import assert from 'node:assert/strict'
import { print } from '../layout/print.ts'
import type { JsonSchema } from '../manifest/JsonSchema.ts'
import { typeDoc } from './typeDoc.ts'

const string = { type: 'string' }
const number = { type: 'number' }

function typeOf(schema: JsonSchema | boolean, { isSent = false } = {}): string {
  return print(typeDoc(schema, { isSent, nameOf: (path) => (path === 'boats' ? 'Boat' : undefined) }))
}

describe('a schema as a type', () => {
  const cases: [title: string, schema: JsonSchema | boolean, type: string][] = [
    ['a plain one', string, 'string'],
    ['an integer', { type: 'integer' }, 'number'],
    ['anything', {}, 'unknown'],
    ['anything at all', true, 'unknown'],
    ['nothing', false, 'never'],
    ['a keyword that is not known', { $ref: '#/x' } as JsonSchema, 'unknown'],
    ['a constant', { const: 'on' }, "'on'"],
    ['a constant object', { const: { a: [1, null] } }, '{ a: [1, null] }'],
    ['an enum', { enum: ['a', "b's", 3, true, null] }, `'a' | "b's" | 3 | true | null`],
    ['nullable', { anyOf: [string, { type: 'null' }] }, 'string | null'],
    ['a nullable enum', { anyOf: [{ enum: ['a', 'b'] }, { type: 'null' }] }, "'a' | 'b' | null"],
    ['a list of types', { type: ['string', 'null'] }, 'string | null'],
    ['alternatives that are the same', { anyOf: [{ type: 'integer' }, number] }, 'number'],
    ['alternatives one of which is anything', { oneOf: [string, {}] }, 'unknown'],
    ['all of some', { allOf: [{ anyOf: [string, number] }, {}] }, '(string | number) & unknown'],
    ['a list', { type: 'array', items: string }, 'string[]'],
    ['a list of anything', { type: 'array' }, 'unknown[]'],
    ['a list of alternatives', { type: 'array', items: { enum: ['a', 'b'] } }, "('a' | 'b')[]"],
    [
      'a tuple',
      { type: 'array', prefixItems: [string, number], items: false, minItems: 2 },
      '[string, number]'
    ],
    [
      'a tuple with more',
      { type: 'array', prefixItems: [string, number], items: { enum: [1, 2] }, minItems: 1 },
      '[string, number?, ...(1 | 2)[]]'
    ],
    ['an empty tuple', { type: 'array', items: false }, '[]'],
    ['an open map', { type: 'object', additionalProperties: number }, '{ [key: string]: number }'],
    [
      'names by a pattern',
      { type: 'object', patternProperties: { '^\\d+$': string } },
      '{ [key: string]: string }'
    ],
    ['any object', { type: 'object' }, '{ [key: string]: unknown }'],
    ['an empty object', { type: 'object', additionalProperties: false }, '{ [key: string]: never }'],
    ['a record of a resource', { type: 'object', 'x-record': 'boats' }, 'Boat'],
    ['a record of what is not there', { type: 'object', 'x-record': 'ships' }, '{ [key: string]: unknown }'],
    ['one field', { type: 'object', properties: { a: string }, required: ['a'] }, '{ a: string }']
  ]
  for (const [title, schema, type] of cases) it(`says ${title}`, () => assert.equal(typeOf(schema), type))

  it('has a field a line, with what is said of it, and null beside the closing brace', () => {
    const schema: JsonSchema = {
      anyOf: [
        {
          type: 'object',
          properties: {
            id: { ...string, description: 'Ends */ here\nand there' },
            'odd name': { ...number, deprecated: true },
            at: { ...string, format: 'date-time' },
            list: { type: 'array', items: { type: 'object', properties: { a: string, b: string } } }
          },
          required: ['id'],
          additionalProperties: true
        },
        { type: 'null' }
      ]
    }
    assert.equal(
      typeOf(schema),
      `{
  /**
   * Ends *\\/ here
   * and there
   */
  id: string
  /** @deprecated */
  'odd name'?: number
  /** ISO 8601 */
  at?: string
  list?: {
    a?: string
    b?: string
  }[]
  [key: string]: unknown
} | null`
    )
  })

  it('says what stands in for a field that is left out, where somebody sends it', () => {
    const schema = { type: 'object', properties: { a: { ...number, default: 5, description: 'Seconds' } } }
    assert.equal(typeOf(schema), `{\n  /** Seconds */\n  a?: number\n}`)
    assert.equal(
      typeOf(schema, { isSent: true }),
      `{\n  /**\n   * Seconds\n   * @default 5\n   */\n  a?: number\n}`
    )
  })

  it('breaks what is too long for a line, as Prettier does', () => {
    const words = Array.from({ length: 12 }, (_, index) => `alternative-${index}`)
    const lines = typeOf({ type: 'array', items: { enum: words } }).split('\n')
    assert.deepEqual([lines[0], lines[1], lines.at(-1)], ['(', "  | 'alternative-0'", ')[]'])
  })
})
