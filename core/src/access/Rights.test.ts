import assert from 'node:assert/strict'
import type { Grant } from './evaluate.ts'
import { epochDifference, Rights } from './Rights.ts'

const grant = (more: Partial<Grant>): Grant => ({
  permission: 'cameras:read',
  effect: 'grant',
  scope: 'any',
  source: 'test',
  ...more
})
const paths = ['cameras', 'jobs']

describe('Rights', () => {
  it('begin and end by themselves with the times of a grant', () => {
    let now = 1000
    const rights = new Rights([grant({ from: 2000, until: 3000 })], { now: () => now })
    const at = (instant: number): unknown[] => {
      now = instant
      return [rights.decide('cameras:read').scope, rights.epoch(paths) !== '', rights.nextTurn()]
    }
    assert.deepEqual(at(1999), [undefined, false, 2000])
    assert.deepEqual(at(2000), ['any', true, 3000])
    assert.deepEqual(at(2999), ['any', true, 3000])
    assert.deepEqual(at(3000), [undefined, false, undefined])
  })

  it('tell by their epoch of which resources something else can be read', () => {
    const epoch = (...grants: Grant[]): string => new Rights(grants).epoch(paths)
    const none = epoch()
    const all = epoch(grant({}))
    assert.equal(none, '')
    assert.deepEqual(epochDifference(none, all), ['cameras'])
    assert.deepEqual(epochDifference(all, all), [])
    assert.equal(epoch(grant({}), grant({ permission: 'jobs:start' })), all)
    assert.deepEqual(epochDifference(all, epoch(grant({ permission: '*' }))), ['jobs'])
    const one = epoch(grant({ scope: 'a', extent: 1 }))
    assert.deepEqual(epochDifference(one, epoch(grant({ scope: 'a', extent: 2 }))), ['cameras'])
    assert.deepEqual(epochDifference(one, epoch(grant({ scope: 'b', extent: 1 }))), ['cameras'])
  })

  it('take what is no epoch for none', () => {
    assert.equal(epochDifference('what ~ is ~ this', ''), undefined)
  })
})
