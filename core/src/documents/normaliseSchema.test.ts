import assert from 'node:assert/strict'
import { Type } from 'typebox'
import { inputSchema } from './inputSchema.ts'
import { draft7 } from './draft7.ts'
import { normaliseSchema } from './normaliseSchema.ts'

describe('a normalised schema', () => {
  it('has tuples in the form of 2020-12', () => {
    assert.deepEqual(normaliseSchema(Type.Tuple([Type.String(), Type.Number()])), {
      type: 'array',
      minItems: 2,
      prefixItems: [{ type: 'string' }, { type: 'number' }],
      items: false
    })
    assert.deepEqual(normaliseSchema(Type.Tuple([])), { type: 'array', minItems: 0, items: false })
  })

  it('has open maps as additional properties, and keeps maps whose names follow a pattern', () => {
    assert.deepEqual(normaliseSchema(Type.Record(Type.String(), Type.Tuple([Type.String()]))), {
      type: 'object',
      additionalProperties: { type: 'array', minItems: 1, prefixItems: [{ type: 'string' }], items: false }
    })
    const byNumber = normaliseSchema(Type.Record(Type.Integer(), Type.String()))
    assert.deepEqual(Object.values(byNumber.patternProperties ?? {}), [{ type: 'string' }])
  })

  it('has no ids and no marks of TypeBox, at any depth, also where they were copied', () => {
    const marked = {
      ...Type.Object({ name: { '~kind': 'String', $id: 'Name', type: 'string' } }),
      $id: 'Named'
    }
    assert.deepEqual(normaliseSchema(marked), {
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name']
    })
  })

  it('leaves values alone that look like schemas', () => {
    const value = { $id: 'x', items: [1], required: ['b', 'a'] }
    assert.deepEqual(normaliseSchema(Type.Object({}, { default: value }))['default'], value)
  })

  it('has only types that JSON has', () => {
    assert.deepEqual(normaliseSchema(Type.Void()), { type: 'null' })
    assert.deepEqual(normaliseSchema(Type.BigInt()), {})
  })

  it('cuts a recursion where it comes round', () => {
    const tree = Type.Cyclic({ Node: Type.Object({ parent: Type.Ref('Node'), name: Type.String() }) }, 'Node')
    assert.deepEqual(normaliseSchema(tree), {
      type: 'object',
      properties: { parent: {}, name: { type: 'string' } },
      required: ['name', 'parent']
    })
  })
})

describe('an input schema', () => {
  it('does not require what has a default', () => {
    const schema = Type.Object({
      a: Type.String(),
      b: Type.String({ default: 'x' }),
      c: Type.Boolean({ default: false })
    })
    assert.deepEqual(inputSchema(schema).required, ['a'])
    assert.ok(!('required' in inputSchema(Type.Object({ b: Type.String({ default: 'x' }) }))))
  })
})

describe('a schema of draft 7', () => {
  it('has its tuples back, at any depth', () => {
    const schema = normaliseSchema(Type.Object({ at: Type.Tuple([Type.Number()]) }))
    assert.deepEqual(draft7(schema).properties, {
      at: { type: 'array', minItems: 1, items: [{ type: 'number' }], additionalItems: false }
    })
  })
})
