import assert from 'node:assert/strict'
import { defineResource, via } from '@signalbox/plugin'
import { Type } from 'typebox'
import { resourceModel, type ResourceModel } from './Model.ts'
import { placeOf } from './Place.ts'

const resource = (path: string, scopes: object | undefined) =>
  resourceModel(
    defineResource({
      path,
      singular: path.slice(0, -1),
      description: path,
      table: `test_${path}`,
      schema: Type.Object({ ownerId: Type.String(), siteId: Type.String(), aboveId: Type.String() }),
      ...(scopes && { scopes: scopes as { own: string } })
    }),
    'test'
  )

/** Where the first stands, among all of these. */
const place = (...models: ResourceModel[]) =>
  placeOf(models[0] as ResourceModel, (path) => models.find((model) => model.path === path))

describe('where the records of a resource stand', () => {
  it('is said by their own fields, or by those of what they belong to', () => {
    const lamps = resource('lamps', { own: 'ownerId', node: 'siteId' })
    const bulbs = resource('bulbs', via('aboveId', { path: 'lamps' }))
    const above = { table: 'test_lamps', own: 'owner_id', node: 'site_id' }
    assert.deepEqual(place(lamps), above)
    assert.deepEqual(place(bulbs, lamps), {
      table: 'test_bulbs',
      parent: { column: 'above_id', place: above }
    })
    assert.equal(place(resource('chairs', undefined)), undefined)
  })

  it('stops the start where it makes no sense, and says which resource is at fault', () => {
    assert.throws(() => place(resource('lamps', { own: 'nobody' })), /lamps.*nobody/)
    assert.throws(() => place(resource('bulbs', via('aboveId', { path: 'lamps' }))), /bulbs.*lamps/)
    assert.throws(
      () => place(resource('bulbs', via('aboveId', { path: 'lamps' })), resource('lamps', undefined)),
      /bulbs.*lamps, which declares none/
    )
    const ring = [resource('a', via('aboveId', { path: 'b' })), resource('b', via('aboveId', { path: 'a' }))]
    assert.throws(() => place(...ring), /takes its scopes from/)
  })
})
