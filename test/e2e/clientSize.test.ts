import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const limit = 8000

describe('The client, in a bundle', () => {
  const sizeOf = async (contents: string): Promise<number> => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true,
      minify: true,
      format: 'esm',
      conditions: ['source'],
      external: ['socket.io-client'],
      write: false
    })
    return gzipSync(outputFiles[0]?.contents ?? assert.fail(), { level: 9 }).length
  }

  it(`takes at most ${limit} bytes, minified and zipped, without socket.io-client`, async () => {
    const size = await sizeOf(`export * from '@signalbox/client'`)
    console.log(`      ${size} bytes`)
    assert.ok(size <= limit, `${size} bytes`)
  })

  it('leaves nothing of itself in a bundle that only uses its types and errors', async () => {
    const size = await sizeOf(`export { isSignalboxError } from '@signalbox/client'`)
    assert.ok(size < 300, `${size} bytes`)
  })
})
