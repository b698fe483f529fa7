import assert from 'node:assert/strict'
import { evaluate, type Grant } from './evaluate.ts'
import { narrow } from './narrow.ts'

const grant = (permission: string, effect: Grant['effect'] = 'grant'): Grant => ({
  permission,
  effect,
  scope: 'any',
  source: 'test'
})
const left = (grants: readonly Grant[], permissions: readonly string[]): string[] =>
  narrow(grants, permissions).map(({ permission }) => permission)

describe('narrow', () => {
  it('leaves what both name, whichever of them says it more widely', () => {
    assert.deepEqual(left([grant('*')], ['cameras:read', 'jobs:*']), ['cameras:read', 'jobs:*'])
    assert.deepEqual(left([grant('cameras:*')], ['*']), ['cameras:*'])
    assert.deepEqual(left([grant('cameras:read'), grant('jobs:start')], ['cameras:*']), ['cameras:read'])
    assert.deepEqual(left([grant('cameras:*')], ['camerasets:read']), [])
    assert.deepEqual(left([grant('*')], []), [])
  })

  it('adds nothing that was not granted, and keeps where it was', () => {
    const own: Grant = { ...grant('users:*'), scope: 'own' }
    assert.deepEqual(narrow([own], ['users:read']), [{ ...own, permission: 'users:read' }])
    assert.deepEqual(left([grant('cameras:read')], ['cameras:read', 'users:update']), ['cameras:read'])
  })

  it('keeps every deny', () => {
    const rights = narrow([grant('*'), grant('cameras:remove', 'deny')], ['cameras:*'])
    assert.equal(evaluate(rights, 'cameras:read').scope, 'any')
    assert.equal(evaluate(rights, 'cameras:remove').scope, undefined)
    assert.equal(evaluate(rights, 'jobs:read').scope, undefined)
  })
})
