import assert from 'node:assert/strict'
import fc from 'fast-check'
import { evaluate, evaluateAt, reachOf, type Grant } from './evaluate.ts'
import { reaches } from './Reach.ts'

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

describe('evaluate, in the scope tree', () => {
  it('holds in each node that was granted', () => {
    const decision = evaluate([grant('cameras:read', 'b'), grant('cameras:*', 'a')], 'cameras:read')
    assert.equal(decision.scope, 'nodes')
    assert.deepEqual(decision.reach, { everywhere: false, own: false, nodes: ['a', 'b'], denied: [] })
  })

  it('keeps a denied node out of a grant on everything, and of one on one’s own', () => {
    const deny = grant('cameras:read', 'a', 'deny')
    const everywhere = evaluate([grant('*'), deny], 'cameras:read')
    assert.deepEqual(everywhere.reach, { everywhere: true, own: false, nodes: [], denied: ['a'] })
    const own = evaluate([grant('cameras:read', 'own'), deny], 'cameras:read')
    assert.deepEqual(own.reach, { everywhere: false, own: true, nodes: [], denied: ['a'] })
  })

  it('grants nothing by a deny alone', () => {
    assert.equal(evaluate([grant('cameras:read', 'a', 'deny')], 'cameras:read').scope, undefined)
  })

  it('lets a deny of everything beat a grant in a node', () => {
    const deny = grant('cameras:read', 'any', 'deny')
    assert.equal(evaluate([grant('cameras:read', 'a'), deny], 'cameras:read').by, deny)
  })

  it('names for one record the nearest grant, and before it the deny', () => {
    const [wide, near] = [grant('cameras:read', 'root'), grant('cameras:read', 'site')]
    const place = { path: ['root', 'site', 'room'] }
    assert.equal(evaluateAt([wide, near], 'cameras:read', place, 'me').by, near)
    const deny = grant('*', 'root', 'deny')
    assert.deepEqual(evaluateAt([wide, near, deny], 'cameras:read', place, 'me'), {
      allowed: false,
      by: deny
    })
    assert.deepEqual(evaluateAt([near], 'cameras:read', { path: ['root'] }, 'me'), {
      allowed: false,
      by: undefined
    })
  })

  it('reaches exactly the records that it allows one by one', () => {
    const scopes = fc.constantFrom('any', 'own', 'a', 'b', 'c', 'd')
    const grants = fc.array(
      fc.record({
        permission: fc.constantFrom('*', 'cameras:*', 'cameras:read', 'cameras:update', 'jobs:read'),
        scope: scopes,
        effect: fc.constantFrom('grant' as const, 'grant' as const, 'deny' as const),
        source: fc.constant('test')
      }),
      { maxLength: 8 }
    )
    const paths = fc.constantFrom([], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['d'])
    fc.assert(
      fc.property(grants, paths, fc.constantFrom('me', 'you', undefined), (held, path, owner) => {
        const decision = evaluate(held, 'cameras:read')
        const { allowed, by } = evaluateAt(held, 'cameras:read', { path, owner }, 'me')
        assert.equal(reaches(reachOf(decision), { path, owner }, 'me'), allowed)
        assert.equal(by !== undefined && by.effect === 'grant', allowed)
      }),
      { numRuns: 2000 }
    )
  })
})
