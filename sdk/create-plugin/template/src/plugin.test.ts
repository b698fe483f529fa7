import assert from 'node:assert/strict'
import { isPlatformError } from '@signalbox/plugin'
import { conformance, testPlatform, type TestPlatform } from '@signalbox/testing'
import { gatehouse } from './plugin.ts'
import { doors } from './resources/doors.ts'

describe('The doors', () => {
  let platform: TestPlatform

  before(async () => {
    platform = await testPlatform({ plugins: [gatehouse({ unlockedSeconds: 10 })] })
  })

  beforeEach(() => platform.events.clear())

  after(() => platform?.stop())

  it('lock themselves again, and say so', async () => {
    const operator = await platform.client('operator')
    const { id } = await platform.service(doors).create({ name: 'North gate' })
    const { unlockedUntil } = await operator.service(doors).unlock(id)
    assert.equal(Date.parse(unlockedUntil) - platform.clock.now().getTime(), 10_000)

    await platform.clock.advance(9000)
    assert.equal((await operator.service(doors).get(id)).unlockedUntil, unlockedUntil)
    await platform.clock.advance(1000)
    assert.equal((await operator.service(doors).get(id)).unlockedUntil, null)
    assert.deepEqual(await platform.events.next('door:locked'), { doorId: id, name: 'North gate' })
  })

  it('are unlocked by an operator, and only looked at by a viewer', async () => {
    const viewer = await platform.client('viewer')
    const { id } = await platform.service(doors).create({ name: 'South gate' })
    assert.equal((await viewer.service(doors).get(id)).name, 'South gate')
    await assert.rejects(viewer.service(doors).unlock(id), (error) => isPlatformError(error, 'forbidden'))
  })

  it('are those of one’s own area', async () => {
    await platform.scopes.put({ id: 'harbour', kind: 'area' })
    const inside = await platform.service(doors).create({ name: 'Quay', areaId: 'harbour' })
    await platform.service(doors).create({ name: 'Town hall' })
    const warden = await platform.client({ permissions: ['doors:read', 'doors:unlock'], scope: 'harbour' })
    assert.deepEqual(
      (await warden.service(doors).find()).map(({ name }) => name),
      ['Quay']
    )
    assert.ok((await warden.service(doors).unlock(inside.id)).unlockedUntil)
  })
})

conformance({ plugin: gatehouse })
