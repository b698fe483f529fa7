import assert from 'node:assert/strict'
import { pluginNames } from './pluginNames.ts'

describe('The names of a new plugin', () => {
  it('follow from a name, a scoped name or a path', () => {
    assert.deepEqual(pluginNames('lift'), {
      package: 'signalbox-plugin-lift',
      folder: 'lift',
      short: 'lift',
      identifier: 'lift'
    })
    assert.deepEqual(pluginNames('@acme/lift-control'), {
      package: '@acme/lift-control',
      folder: 'lift-control',
      short: 'lift-control',
      identifier: 'liftControl'
    })
    assert.deepEqual(pluginNames('./plugins/signalbox-plugin-lift/'), {
      package: 'signalbox-plugin-lift',
      folder: './plugins/signalbox-plugin-lift/',
      short: 'lift',
      identifier: 'lift'
    })
  })

  it('are none that the template or the language has taken', () => {
    assert.equal(pluginNames('doors').identifier, 'doorsPlugin')
    assert.equal(pluginNames('switch').identifier, 'switchPlugin')
  })

  for (const bad of [
    'Lift',
    'lift_control',
    '2lift',
    'lift.js',
    '@Acme/lift',
    '',
    'signalbox-plugin-',
    'a--b'
  ]) {
    it(`are refused: ${bad || '(nothing)'}`, () => {
      assert.throws(() => pluginNames(bad), /cannot be the name of a plugin: use lower-case letters/)
    })
  }
})
