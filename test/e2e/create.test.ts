import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../../sdk/testing/src/check/Report.ts'
import { runProbe } from '../../sdk/testing/src/check/runProbe.ts'
import { packWorkspace, reachesRegistry } from '../support/packWorkspace.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { runCommand, runToEnd, type RunningCommand } from './runCommand.ts'
import { signIn } from './signIn.ts'

const password = 'correct horse battery'
const deployment = ['plugin', 'core', 'recorder', 'testing'].map((name) => `@signalbox/${name}`)
const kit = ['plugin', 'core', 'testing'].map((name) => `@signalbox/${name}`)

describe('The scaffolds', function () {
  this.timeout(600_000)
  let home: TemporaryDirectory
  let running: RunningCommand | undefined

  before(async function () {
    if (!(await reachesRegistry())) {
      console.log('    not tested: the scaffolds; the npm registry does not answer from here')
      return this.skip()
    }
    home = await temporaryDirectory()
    const scaffolds = await tarballs(['create-signalbox', 'create-signalbox-plugin'])
    await succeed('npm', ['install', '--prefix', join(home.path, 'npm'), ...quiet, ...scaffolds], home.path)
  })

  afterEach(async () => {
    running?.kill()
    await running?.silent
    running = undefined
  })

  after(() => home?.remove())

  const quiet = ['--no-audit', '--no-fund', '--prefer-offline']
  const tarballs = async (names: readonly string[]): Promise<string[]> => {
    const packed: string[] = []
    for (const name of names) packed.push((await packWorkspace(name)).tarball)
    return packed
  }
  /** What `npm create` runs. */
  const create = (name: string, args: readonly string[], expected = 0): Promise<string> =>
    succeed(join(home.path, 'npm/node_modules/.bin', name), args, home.path, expected)
  /** Our packages are not in the registry yet. */
  const install = async (folder: string, names: readonly string[]): Promise<void> =>
    void (await succeed('npm', ['install', '--no-save', ...quiet, ...(await tarballs(names))], folder))

  it('make a deployment that starts, and whose types are right', async () => {
    const said = await create('create-signalbox', ['my-site'])
    assert.match(said, /^ {2}cd my-site\n {2}npm install\n {2}npm start$/m)
    const folder = join(home.path, 'my-site')
    await install(folder, deployment)
    await succeed('npm', ['run', 'typecheck'], folder)
    const env = { PORT: '0', SIGNALBOX_ADMIN_PASSWORD: password }
    running = runCommand('npm', ['start'], { cwd: folder, env, timeoutMs: 240_000 })
    const url = (await running.line(/^ready /)).slice('ready '.length)
    const call = await signIn(url, 'admin@signalbox.local', password)
    assert.equal((await call('GET', '/status')).body.plugins.recorder.state, 'running')
    running.signal('SIGTERM')
    await running.silent
  })

  it('make a plugin whose tests and types are right, and that stands up to the check', async () => {
    await create('create-signalbox-plugin', ['@acme/fire-alarm'])
    const folder = join(home.path, 'fire-alarm')
    await install(folder, kit)
    await succeed('npm', ['run', 'typecheck'], folder)
    const tests = await succeed('npm', ['test'], folder)
    assert.match(tests, /^\s+\d+ passing/m)
    assert.doesNotMatch(tests, /pending|failing/)

    const report = await succeed('npm', ['run', 'check', '--', '--with', ...(await tarballs(kit))], folder)
    assert.match(report, /^ok {4}installs in an empty folder$/m)
    assert.match(report, /^ok {4}stops and leaves nothing open$/m)
    assert.doesNotMatch(report, /^FAIL/m)
    assert.ok(
      !(await readdir(folder)).some((name) => name.endsWith('.tgz')),
      'the check leaves nothing behind'
    )

    running = runCommand('npm', ['run', 'dev'], { cwd: folder, env: { PORT: '0' }, timeoutMs: 240_000 })
    await running.line(/^ready /)
    running.signal('SIGINT', { group: true })
    await running.silent

    await findsFaults(folder)
  })

  /** What the check found no fault with, it finds one with when there is one. */
  async function findsFaults(folder: string): Promise<void> {
    const change = async (path: string, edit: (text: string) => string): Promise<void> => {
      const file = join(folder, path)
      await writeFile(file, edit(await readFile(file, 'utf8')))
    }
    await change('src/resources/doors.ts', (text) =>
      text.replace(/description: 'Unlocks[^']*'/, "description: ''")
    )
    await change('src/index.ts', (text) => `setInterval(() => {}, 1000)\n${text}`)
    await succeed('npm', ['run', 'build'], folder)
    await mkdir(join(folder, 'node_modules/@acme'))
    await symlink(folder, join(folder, 'node_modules/@acme/fire-alarm'))
    const findings: Finding[] = []
    await runProbe({ folder, name: '@acme/fire-alarm', onFinding: (finding) => findings.push(finding) })
    const faulty = findings.flatMap(({ title, faults = [] }) => faults.map((fault) => `${title}: ${fault}`))
    assert.deepEqual(faulty, [
      'describes all that it declares: the method unlock of doors has no description: say in a sentence what it is',
      'is described by documents that hold together: doors.unlock has no summary',
      'has each of its permissions in the catalogue, with a sentence: the permission doors:unlock is not described',
      'stops and leaves nothing open: the process does not end: Timeout; close in ctx.defer what start has opened'
    ])
  }

  it('ask for a name where there is none, and leave alone what is there', async () => {
    assert.match(await create('create-signalbox', [], 1), /^Give a name: npm create signalbox <folder>$/m)
    await mkdir(join(home.path, 'full'))
    await writeFile(join(home.path, 'full/mine.txt'), 'mine')
    for (const name of ['create-signalbox', 'create-signalbox-plugin'])
      assert.match(
        await create(name, ['full'], 1),
        /full is not empty: name a folder that does not exist yet\.$/m
      )
    assert.deepEqual(await readdir(join(home.path, 'full')), ['mine.txt'])
    assert.match(await create('create-signalbox-plugin', ['Fire Alarm'], 1), /cannot be the name of a plugin/)
    assert.match(await create('create-signalbox', ['../Up'], 1), /cannot be the name of a package/)
  })
})

async function succeed(command: string, args: readonly string[], cwd: string, expected = 0): Promise<string> {
  const { code, output } = await runToEnd(command, args, { cwd, timeoutMs: 500_000 })
  assert.equal(code, expected, `${command} ${args.join(' ')}\n${output}`)
  return output
}
