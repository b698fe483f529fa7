import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import { transform } from 'esbuild'
import fc from 'fast-check'
import { generate } from './generate.ts'
import type { JsonSchema } from './manifest/JsonSchema.ts'
import { manifest, resource } from './testManifest.test.ts'

const hostile = fc.constantFrom(
  '*/ process.exit(1) /*',
  "'); process.exit(1); ('",
  '\\',
  '${x}',
  '\r\n',
  '\u2028',
  '`',
  '__proto__'
)
const text = fc.oneof(fc.string({ unit: 'grapheme' }), hostile)

const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      type: fc.oneof(fc.constantFrom('string', 'integer', 'boolean', 'null', 'array', 'object'), text),
      description: text
    }),
    fc.record({
      enum: fc.array(
        fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
        { minLength: 1 }
      )
    }),
    fc.record({ const: fc.jsonValue() }),
    fc.record({ anyOf: fc.array(tie('schema'), { maxLength: 3 }) }),
    fc.record({ type: fc.constant('array'), items: fc.oneof(tie('schema'), fc.boolean()) }),
    fc.record({
      type: fc.constant('array'),
      prefixItems: fc.array(tie('schema'), { maxLength: 3 }),
      items: fc.oneof(tie('schema'), fc.boolean()),
      minItems: fc.nat(4)
    }),
    fc.record({
      type: fc.constant('object'),
      properties: fc.dictionary(text, tie('schema'), { maxKeys: 4 }),
      required: fc.array(text),
      additionalProperties: fc.oneof(tie('schema'), fc.boolean()),
      default: fc.jsonValue()
    })
  ) as fc.Arbitrary<JsonSchema>
}))

/** Runs a generated file without its imports; returns the table in it. */
async function tableOf(file: string): Promise<unknown> {
  const { code } = await transform(file, { loader: 'ts' })
  const body = code.replace(/^import .*$/m, '').replace(/^export const harbour =/m, '')
  return runInNewContext(body, { part: (table: unknown) => table })
}

describe('a client of whatever a manifest says', () => {
  it('is TypeScript in which texts stay texts, and its table says what the manifest does', async () => {
    const event = fc.record({ name: text, payload: schema })
    const method = fc.record({
      name: fc.string({ unit: fc.constantFrom('m', 'n'), minLength: 1 }),
      input: schema,
      output: schema
    })
    const arbitrary = fc.record({ description: text, record: schema, event, method, path: text })
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ description, record, event, method, path }) => {
        const boats = resource('boats', {
          description,
          events: [event],
          methods: [{ ...method, description, on: 'record', http: 'POST', path }]
        })
        const made = manifest({
          name: description,
          resources: [{ ...boats, schemas: { ...boats.schemas, record, detail: record } }]
        })
        const files = generate(made)
        const table: any = await tableOf(files[0]?.text ?? '')
        assert.deepEqual([...table.boats.events], [event.name])
        assert.ok(table.boats.methods[method.name].startsWith(`POST ${path}`))
        for (const file of files) await transform(file.text, { loader: 'ts' })
      }),
      { numRuns: 300 }
    )
  })
})
