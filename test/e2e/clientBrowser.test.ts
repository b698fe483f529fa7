import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { recorder } from '@signalbox/recorder'
import { build } from 'esbuild'
import { chromium, type Browser } from 'playwright-core'
import { chromiumFlags, findChromium } from '../support/findChromium.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'

const body = `<!doctype html>
<html lang="en">
  <title>Cameras</title>
  <form id="sign-in"><input name="email"><input name="password" type="password"><button>Sign in</button></form>
  <p id="who"></p><p id="state"></p><p id="newest"></p><ul id="cameras"></ul>
  <script type="module" src="/page.js"></script>
</html>`

describe('The client, in a browser', function () {
  this.timeout(180_000)
  let browser: Browser
  let pages: Server
  let directory: TemporaryDirectory
  let platform: TestPlatform | undefined

  before(async function () {
    const executablePath = await findChromium()
    if (executablePath === undefined) {
      console.log('    not tested: the client in a browser; no Chromium here (apt-get install chromium)')
      return this.skip()
    }
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('cameraPage.js', import.meta.url))],
      bundle: true,
      format: 'esm',
      conditions: ['source'],
      write: false
    })
    const script = outputFiles[0]?.text
    pages = createServer(({ url }, response) => {
      response.setHeader('content-type', url === '/page.js' ? 'text/javascript' : 'text/html')
      response.end(url === '/page.js' ? script : body)
    }).listen(0, '127.0.0.1')
    await once(pages, 'listening')
    directory = await temporaryDirectory()
    browser = await chromium.launch({ executablePath, args: chromiumFlags })
  })

  after(async () => {
    await browser?.close()
    pages?.closeAllConnections()
    pages?.close()
    await platform?.stop()
    await directory?.remove()
  })

  const start = (port = 0): Promise<TestPlatform> =>
    startTestPlatform({
      port,
      plugins: [recorder()],
      dataDirectory: directory.path,
      corsOrigins: [`http://127.0.0.1:${(pages.address() as AddressInfo).port}`]
    })

  it('signs in, lists, hears a change, is still signed in after a reload, and survives a restart', async () => {
    platform = await start()
    const { url } = platform
    const make = async (name: string): Promise<void> => {
      const { status } = await ((
        await platform?.admin()
      )?.api('POST', '/cameras', { name, protocol: 'test' }) ?? assert.fail())
      assert.equal(status, 201)
    }
    await make('Gate')
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    const faults: unknown[] = []
    page.on('pageerror', (error) => faults.push(error))
    await page.goto(
      `http://127.0.0.1:${(pages.address() as AddressInfo).port}/?platform=${encodeURIComponent(url)}`
    )
    const text = (id: string, wanted: string): Promise<void> =>
      page.locator(`#${id}`, { hasText: new RegExp(`^${wanted}$`) }).waitFor({ state: 'attached' })
    await text('who', 'nobody')
    await page.fill('input[name=email]', 'admin@example.org')
    await page.fill('input[name=password]', 'nonsense')
    await page.click('button')
    await text('who', 'unauthorized')
    await page.fill('input[name=password]', 'correct horse battery')
    await page.click('button')
    await text('who', 'admin@example.org')
    await text('cameras', 'Gate')
    await text('state', 'current')

    await make('Yard')
    await text('newest', 'Yard')
    await text('cameras', 'GateYard')

    await page.reload()
    await text('who', 'admin@example.org')
    await text('cameras', 'GateYard')
    await text('state', 'current')

    await platform.stop()
    await text('state', 'behind')
    await text('cameras', 'GateYard')
    platform = await start(Number(new URL(url).port))
    await text('state', 'current')
    await make('Alley')
    await text('newest', 'Alley')
    await text('cameras', 'AlleyGateYard')
    assert.deepEqual(faults, [])
  })
})
