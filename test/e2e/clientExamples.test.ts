import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recorder } from '@signalbox/recorder'
import { chromium } from 'playwright-core'
import { chromiumFlags, findChromium } from '../support/findChromium.ts'
import { freePort } from '../support/freePort.ts'
import { blocksOf } from '../support/readme.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { runCommand, runToEnd, type RunningCommand } from './runCommand.ts'

const folder = fileURLToPath(new URL('../../examples/clients/', import.meta.url))
const source = ['--import=tsx', '--conditions=source']

describe('The examples of clients, as their READMEs tell them', function () {
  this.timeout(90_000)
  let platform: TestPlatform
  let admin: TestClient
  let pagePort: number
  let running: RunningCommand | undefined

  before(async () => {
    pagePort = await freePort()
    const corsOrigins = [`http://127.0.0.1:${pagePort}`]
    platform = await startTestPlatform({ corsOrigins, plugins: [recorder()] })
    admin = await platform.admin()
    const { status } = await admin.api('POST', '/cameras', { name: 'Gate', protocol: 'test' })
    assert.equal(status, 201)
  })

  afterEach(async () => {
    running?.kill()
    await running?.silent
    running = undefined
  })

  after(() => platform?.stop())

  /** The one command of a README that is to be run, with what differs here. */
  async function start(
    readme: string,
    replaced: Readonly<Record<string, string>> = {}
  ): Promise<RunningCommand> {
    const block = (await blocksOf(join(folder, readme))).find(({ note }) => note === 'run')
    let line = block?.text.trim() ?? assert.fail(`${readme} has no command`)
    for (const [from, to] of Object.entries(replaced)) {
      assert.ok(line.includes(from), `${readme} does not say ${from}`)
      line = line.replace(from, to)
    }
    // The sources run without a build.
    line = line.replace('node --import tsx', 'node --import tsx --conditions=source')
    // At a terminal standard input stays open, and esbuild serves for as long as it does.
    return (running = runCommand('sh', ['-c', `tail -f /dev/null | ${line}`], {
      cwd: folder,
      env: { SIGNALBOX_URL: platform.url, SIGNALBOX_EMAIL: 'admin@example.org' }
    }))
  }

  for (const name of ['node', 'browser', 'feathers']) {
    it(`${name}: shows its files as they are`, async () => {
      const blocks = await blocksOf(join(folder, name, 'README.md'))
      const shown = blocks.filter(({ note }) => note.startsWith('file='))
      assert.ok(shown.length)
      for (const { note, text } of shown)
        assert.equal(text, await readFile(join(folder, note.slice('file='.length)), 'utf8'), note)
    })
  }

  it('have the client of examples/all-in-one', async () => {
    const config = join(folder, '../all-in-one/signalbox.config.ts')
    const cli = fileURLToPath(new URL('../../core/src/cli/main.ts', import.meta.url))
    const node = [process.execPath, ...source].join(' ')
    const written = await runToEnd(
      'sh',
      [
        '-c',
        `${node} ${cli} manifest --config ${config} | ${node} ${cli} generate - --out signalbox --check`
      ],
      { cwd: folder }
    )
    assert.equal(written.code, 0, `${written.output}\nexamples/clients/README.md says how to write it anew`)
  })

  it('node: prints each change of the list, and ends at Ctrl-C', async () => {
    const command = await start('node/README.md')
    await command.line(/^signed in as admin@example.org$/)
    await command.line(/^cameras: Gate$/)
    const { body } = await admin.api('POST', '/cameras', { name: 'Yard', protocol: 'test' })
    await command.line(/^cameras: Gate, Yard$/)
    await admin.api('PATCH', `/cameras/${body.id}`, { name: 'Barn' })
    await command.line(/^cameras: Barn, Gate$/)
    await admin.api('DELETE', `/cameras/${body.id}`)
    command.signal('SIGINT', { group: true })
    await command.line(/^closed$/)
    await command.silent
  })

  it('feathers: lists the cameras', async () => {
    const command = await start('feathers/README.md')
    await command.line(/^1 cameras$/)
    assert.equal(await command.ended, 0, command.output)
  })

  it('browser: lists the cameras live, in Chromium', async function () {
    const executablePath = await findChromium()
    if (executablePath === undefined) {
      console.log('      not tested: the example page; no Chromium here (apt-get install chromium)')
      return this.skip()
    }
    const serving = await start('browser/README.md', {
      '--bundle': '--bundle --conditions=source',
      '127.0.0.1:8080': `127.0.0.1:${pagePort}`
    })
    await serving.line(/127\.0\.0\.1:\d+/)
    const browser = await chromium.launch({ executablePath, args: chromiumFlags })
    try {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${pagePort}/?platform=${encodeURIComponent(platform.url)}`)
      await page.getByLabel('E-mail').fill('admin@example.org')
      await page.getByLabel('Password').fill('wrong')
      await page.getByRole('button').click()
      await page.getByText('That is not right.').waitFor()
      await page.getByLabel('Password').fill('correct horse battery')
      await page.getByRole('button').click()
      await page.getByText('1 cameras').waitFor()
      const { body } = await admin.api('POST', '/cameras', {
        name: 'Alley',
        protocol: 'test',
        enabled: false
      })
      await page.getByRole('listitem').filter({ hasText: 'Alley (off)' }).waitFor()
      assert.deepEqual(await page.getByRole('listitem').allInnerTexts(), ['Alley (off)', 'Gate'])
      await admin.api('DELETE', `/cameras/${body.id}`)
      await page.getByText('1 cameras').waitFor()
    } finally {
      await browser.close()
    }
  })
})
