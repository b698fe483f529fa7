import assert from 'node:assert/strict'
import { evaluate, type Grant } from './evaluate.ts'

const grant = (
  permission: string,
  scope: Grant['scope'] = 'any',
  effect: Grant['effect'] = 'grant'
): Grant => ({
  permission,
  scope,
  effect,
  source: 'test'
})

describe('evaluate', () => {
  it('refuses what nobody granted', () => {
    assert.equal(evaluate([grant('cameras:read')], 'cameras:create').scope, undefined)
  })

  it('reads wildcards for a resource and for everything', () => {
    assert.equal(evaluate([grant('cameras:*')], 'cameras:create').scope, 'any')
    assert.equal(evaluate([grant('cameras:*')], 'camerasets:create').scope, undefined)
    assert.equal(evaluate([grant('*')], 'jobs:start').scope, 'any')
  })

  it('lets the wider of two grants win', () => {
    assert.equal(evaluate([grant('users:read', 'own'), grant('users:read')], 'users:read').scope, 'any')
  })

  it('lets a deny beat a grant, and names it', () => {
    const deny = grant('jobs:start', 'any', 'deny')
    assert.deepEqual(evaluate([grant('*'), deny], 'jobs:start'), { scope: undefined, by: deny })
  })

  it('takes an own record away without touching the grant on all', () => {
    const deny = grant('users:update', 'own', 'deny')
    assert.equal(evaluate([grant('users:update', 'own'), deny], 'users:update').scope, undefined)
    assert.equal(evaluate([grant('users:update'), deny], 'users:update').scope, 'any')
  })
})
