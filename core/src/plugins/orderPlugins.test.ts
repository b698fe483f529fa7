import assert from 'node:assert/strict'
import { definePlugin, type Plugin } from '@signalbox/plugin'
import { orderPlugins } from './orderPlugins.ts'

const plugin = (name: string, more: Partial<Plugin> = {}): Plugin =>
  definePlugin({ name: `@x/${name}`, version: '1.2.0', platform: '^1.0.0', ...(more as object) })()

describe('the order of plugins', () => {
  it('follows their needs, not their places', () => {
    const ordered = orderPlugins([
      plugin('c', { requires: { '@x/b': '^1.0.0' } }),
      plugin('b', { after: ['@x/a', '@x/absent'] }),
      plugin('a')
    ])
    assert.deepEqual(
      ordered.map(({ name }) => name),
      ['@x/a', '@x/b', '@x/c']
    )
  })

  it('says in one sentence, with both names, what does not fit', () => {
    const cases: [RegExp, Plugin[]][] = [
      [
        /@x\/a needs @x\/b \^1\.0\.0, which is not configured/,
        [plugin('a', { requires: { '@x/b': '^1.0.0' } })]
      ],
      [
        /@x\/a needs @x\/b \^2\.0\.0; 1\.2\.0 is installed/,
        [plugin('a', { requires: { '@x/b': '^2.0.0' } }), plugin('b')]
      ],
      [
        /circle: @x\/a → @x\/b → @x\/a/,
        [plugin('a', { requires: { '@x/b': '*' } }), plugin('b', { requires: { '@x/a': '*' } })]
      ],
      [/@x\/a is configured twice/, [plugin('a'), plugin('a')]],
      [/@x\/a and @y\/a share the short name a/, [plugin('a'), plugin('a', { name: '@y/a' })]],
      [/@x\/a 1\.2\.0 is made for the plugin contract \^9\.0\.0/, [plugin('a', { platform: '^9.0.0' })]]
    ]
    for (const [message, plugins] of cases) assert.throws(() => orderPlugins(plugins), message)
  })

  it('knows a plugin that was not called', () => {
    assert.throws(
      () => orderPlugins([definePlugin({ name: 'x', version: '1.0.0', platform: '*' }) as never]),
      /call it/
    )
  })
})
