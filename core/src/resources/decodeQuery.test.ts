import assert from 'node:assert/strict'
import { Type } from 'typebox'
import { queryDecoder } from './decodeQuery.ts'
import { encodeCursor } from './decodeWindow.ts'

const decode = queryDecoder({
  fields: {
    id: Type.String(),
    name: Type.String(),
    fps: Type.Integer(),
    cameraId: Type.String(),
    enabled: Type.Boolean(),
    note: Type.Union([Type.String(), Type.Null()]),
    tags: Type.Array(Type.String()),
    marks: Type.Union([Type.Array(Type.String()), Type.Null()])
  },
  searchable: true,
  defaultSort: { name: 1 }
})

describe('decoding a query', () => {
  it('turns the strings of a URL into the types of the fields', () => {
    const { filter } = decode({ fps: '25', enabled: 'true', note: 'null', name: '7' })
    assert.deepEqual(
      filter.conditions.map(({ field, value }) => [field, value]),
      [
        ['fps', 25],
        ['enabled', true],
        ['note', null],
        ['name', '7']
      ]
    )
  })

  it('turns null into no value where a field may have none, be it a list', () => {
    const valueOf = (query: object): unknown => decode(query).filter.conditions[0]?.value
    assert.equal(valueOf({ note: 'null' }), null)
    assert.equal(valueOf({ marks: 'null' }), null)
    assert.equal(valueOf({ marks: { $ne: 'null' } }), null)
    assert.equal(valueOf({ name: 'null' }), 'null')
    assert.equal(valueOf({ tags: 'null' }), 'null')
  })

  it('reads operators, lists and snake_case names', () => {
    const { filter } = decode({ camera_id: { $in: ['a', 'b'] }, fps: { $gt: '5', $lte: 30 } })
    assert.deepEqual(filter.conditions, [
      { field: 'cameraId', operator: '$in', value: ['a', 'b'] },
      { field: 'fps', operator: '$gt', value: 5 },
      { field: 'fps', operator: '$lte', value: 30 }
    ])
  })

  it('reads branches, nested too', () => {
    const { filter } = decode({ $or: [{ name: 'a' }, { $and: [{ fps: 1 }, { enabled: true }] }] })
    assert.equal(filter.or.length, 1)
    assert.equal(filter.or[0]?.[1]?.conditions.length, 2)
  })

  it('names what it does not know', () => {
    assert.throws(() => decode({ nope: 1 }), /^BadRequest: nope: /)
    assert.throws(() => decode({ fps: { $regex: 'x' } }), /fps\.\$regex/)
    assert.throws(() => decode({ fps: 'fast' }), /fps: must be integer/)
    assert.throws(() => decode({ $or: 'x' }), /\$or/)
    assert.throws(() => decode({ $or: [{ $limit: 1 }] }), /\$limit/)
    assert.throws(() => decode({ $sort: { nope: 1 } }), /nope is not a field/)
    assert.throws(() => decode({ $select: ['nope'] }), /nope is not a field/)
    assert.throws(() => decode({ constructor: 1 }), /constructor/)
    assert.throws(() => decode(JSON.parse('{"__proto__": 1}')), /__proto__/)
  })

  it('tells the three forms of a list apart', () => {
    assert.equal(decode({}).window.form, 'list')
    assert.deepEqual(pick(decode({ $limit: '5', $skip: '2' })), { form: 'window', limit: 5, skip: 2 })
    assert.deepEqual(pick(decode({ page: '3', limit: '10' })), { form: 'page', limit: 10, skip: 20 })
    assert.deepEqual(pick(decode({ limit: 500 })), { form: 'page', limit: 100, skip: 0 })
  })

  it('refuses numbers that are not sensible', () => {
    for (const query of [
      { $limit: 'abc' },
      { $limit: -1 },
      { page: 0 },
      { limit: '1.5' },
      { $skip: 'NaN' },
      { page: {} }
    ]) {
      assert.throws(() => decode(query), /Invalid parameters/, JSON.stringify(query))
    }
  })

  it('closes every order by the id, so that pages never overlap', () => {
    assert.deepEqual(decode({}).window.sort, [
      ['name', 1],
      ['id', 1]
    ])
    assert.deepEqual(decode({ $sort: { fps: '-1' } }).window.sort, [
      ['fps', -1],
      ['id', 1]
    ])
  })

  it('takes only cursors of its own order', () => {
    assert.deepEqual(decode({ $after: encodeCursor(['x', '1']) }).window.after, ['x', '1'])
    assert.throws(() => decode({ $after: encodeCursor(['x']) }), /\$after/)
    assert.throws(() => decode({ $after: 'rubbish' }), /\$after/)
  })
})

function pick({ window }: ReturnType<typeof decode>) {
  return { form: window.form, limit: window.limit, skip: window.skip }
}
