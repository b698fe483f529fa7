import assert from 'node:assert/strict'
import { defineResource, isPlatformError } from '@signalbox/plugin'
import { Type } from 'typebox'
import { resourceModel } from './Model.ts'

const stations = defineResource({
  path: 'stations',
  singular: 'station',
  description: 'Stations',
  table: 'stations',
  schema: Type.Object({
    name: Type.String({ minLength: 1 }),
    altitudeM: Type.Optional(Type.Number()),
    kind: Type.Enum(['roof', 'mast'], { default: 'roof' }),
    limits: Type.Optional(Type.Object({ wind: Type.Number(), unit: Type.String({ default: 'm/s' }) })),
    apiKey: Type.Optional(Type.String()),
    lastSeen: Type.Optional(Type.String({ format: 'date-time' }))
  }),
  secrets: ['apiKey'],
  readOnly: ['lastSeen']
})
const model = resourceModel(stations, 'test')

function faults(decode: (body: unknown) => unknown, body: unknown): Record<string, string> {
  try {
    decode(body)
  } catch (error) {
    assert.ok(isPlatformError(error, 'invalid'))
    return Object.fromEntries((error.errors ?? []).map(({ field, message }) => [field, message]))
  }
  return {}
}

describe('decoding a body', () => {
  it('fills in defaults, at every depth', () => {
    assert.deepEqual(model.decodeCreate({ name: 'A' }), { name: 'A', kind: 'roof' })
    assert.deepEqual(model.decodeCreate({ name: 'A', limits: { wind: 3 } }), {
      name: 'A',
      kind: 'roof',
      limits: { wind: 3, unit: 'm/s' }
    })
  })

  it('takes snake_case names for ours', () => {
    assert.deepEqual(model.decodePatch({ altitude_m: 4, api_key: 'k' }), { altitudeM: 4, apiKey: 'k' })
  })

  it('ignores what only the server sets', () => {
    const body = {
      id: 'x',
      name: 'A',
      createdAt: 'then',
      updated_by: 'me',
      lastSeen: 'now',
      last_seen: 'now'
    }
    assert.deepEqual(model.decodeCreate(body), { name: 'A', kind: 'roof' })
  })

  it('names each field at fault, once', () => {
    assert.deepEqual(faults(model.decodeCreate, { name: '', kind: 'x', altitudeM: 'high', nope: 1 }), {
      name: 'must not have fewer than 1 characters',
      kind: 'must be one of roof, mast',
      altitudeM: 'must be number',
      nope: 'is not a known field'
    })
    assert.deepEqual(faults(model.decodeCreate, { name: 'A', limits: { wind: 'x', unit: 'kn', gust: 1 } }), {
      'limits.wind': 'must be number',
      'limits.gust': 'is not a known field'
    })
    assert.deepEqual(faults(model.decodeCreate, {}), { name: 'is required' })
  })

  it('takes null for the value of an optional field alone', () => {
    assert.deepEqual(model.decodePatch({ altitudeM: null }), { altitudeM: null })
    assert.deepEqual(Object.keys(faults(model.decodeCreate, { name: null })), ['name'])
  })

  it('refuses what is not an object', () => {
    for (const body of [null, 3, 'text', [], undefined]) {
      assert.throws(() => model.decodeCreate(body), /must be a JSON object/)
    }
  })

  it('adds no defaults to a patch, and keeps the version it expects', () => {
    assert.deepEqual(model.decodePatch({ version: 3 }), { version: 3 })
  })

  it('lets the platform’s own code set read-only fields', () => {
    const at = '2026-01-02T03:04:05.000Z'
    assert.deepEqual(model.decodeOwnPatch({ lastSeen: at }), { lastSeen: at })
  })

  it('describes records whole: secrets left out, optional fields as null', () => {
    assert.deepEqual(Object.keys(model.schemas.record.properties), [
      'id',
      'version',
      'createdAt',
      'updatedAt',
      'name',
      'altitudeM',
      'kind',
      'limits',
      'lastSeen'
    ])
    assert.deepEqual((model.schemas.record as { required?: string[] }).required?.length, 9)
  })
})
