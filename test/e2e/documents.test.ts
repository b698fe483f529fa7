import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import { chromium, type Browser, type Page } from 'playwright-core'
import { chromiumFlags, findChromium } from '../support/findChromium.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'

describe('The documents, in a browser', function () {
  this.timeout(60_000)
  let browser: Browser
  let platform: TestPlatform

  before(async function () {
    const executablePath = await findChromium()
    if (executablePath === undefined) {
      console.log('    not tested: the documents in a browser; no Chromium here (apt-get install chromium)')
      return this.skip()
    }
    platform = await startTestPlatform({ plugins: [recorder()] })
    browser = await chromium.launch({ executablePath, args: chromiumFlags })
  })

  after(async () => {
    await browser?.close()
    await platform?.stop()
  })

  it('are all reached from the page at the root', async () => {
    await visit('/', async (page) => {
      await page.getByRole('heading', { name: 'Signalbox' }).waitFor()
      const links = await page.getByRole('link').all()
      assert.ok(links.length >= 5)
      for (const link of links) {
        const href = (await link.getAttribute('href')) ?? ''
        const response = await page.request.get(new URL(href, page.url()).href)
        assert.equal(response.status(), 200, href)
      }
    })
  })

  it('stand on a page that shows who signs in the plugins, and each change as it happens', async () => {
    await visit('/', async (page) => {
      await page.getByText('ok', { exact: true }).waitFor()
      assert.equal(await page.getByRole('heading', { name: 'Plugins' }).isVisible(), false)
      await page.getByLabel('E-mail').fill('admin@example.org')
      await page.getByLabel('Password').fill('correct horse battery')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('row', { name: /recorder .* running/ }).waitFor()
      await page.getByText('connected').waitFor()
      assert.equal(await page.getByLabel('Password').isVisible(), false)
      const admin = await platform.admin()
      const { body: made } = await admin.api('POST', '/cameras', { name: 'Gate', protocol: 'test' })
      await page.getByRole('row', { name: new RegExp(`cameras created ${made.id}`) }).waitFor()
      await page.reload()
      await page.getByRole('row', { name: new RegExp(`cameras created ${made.id}`) }).waitFor()
      await admin.api('DELETE', `/cameras/${made.id}`)
      await page.getByRole('row', { name: new RegExp(`cameras removed ${made.id}`) }).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      assert.equal(await page.getByRole('row', { name: /cameras/ }).count(), 0)
    })
  })

  it('say on that page why somebody is not let in', async () => {
    const page = await browser.newPage()
    try {
      await page.goto(platform.url)
      await page.getByLabel('E-mail').fill('admin@example.org')
      await page.getByLabel('Password').fill('not this one')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').getByText('The account or the password is not right.').waitFor()
    } finally {
      await page.close()
    }
  })

  it('can be tried out: the operations are listed, and one is executed', async () => {
    await visit('/api/docs', async (page) => {
      await page.getByText('/api/cameras', { exact: false }).first().waitFor()
      const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/health"]') })
      await operation.locator('.opblock-summary').click()
      await operation.getByRole('button', { name: 'Try it out' }).click()
      await operation.getByRole('button', { name: 'Execute' }).click()
      const status = operation.locator('.live-responses-table .response-col_status').last()
      assert.match(await status.innerText(), /^200/)
    })
  })

  it('can be read and searched', async () => {
    await visit('/api/redoc', async (page) => {
      await page.getByText('/api/cameras', { exact: false }).first().waitFor()
      await page.getByRole('textbox').first().fill('cameras')
      await page
        .locator('[data-role="search:results"]')
        .getByText(/camera/i)
        .first()
        .waitFor()
    })
  })

  /** Opens a page, and after `act` holds it to account for whatever went wrong in it. */
  async function visit(path: string, act: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage()
    try {
      const complaints: string[] = []
      // What a page's policy forbids is an error of its console too.
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url())
        if (protocol.startsWith('http') && hostname !== '127.0.0.1')
          complaints.push(`left for ${request.url()}`)
      })
      page.on('requestfailed', (request) =>
        complaints.push(`${request.url()}: ${request.failure()?.errorText}`)
      )
      const response = await page.goto(`${platform.url}${path}`, { waitUntil: 'networkidle' })
      assert.equal(response?.status(), 200)
      assert.ok(response.headers()['content-security-policy'])
      await act(page)
      assert.deepEqual(complaints, [])
    } finally {
      await page.close()
    }
  }
})
