import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFfmpeg, makeTestVideo, startFakeCamera, type FakeCamera } from '../support/fakeCamera/index.ts'
import { packWorkspace, reachesRegistry } from '../support/packWorkspace.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { runCommand, runToEnd, type RunningCommand } from './runCommand.ts'
import { signIn, type Call } from './signIn.ts'
import { wasShutDown } from './wasShutDown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const names = ['plugin', 'core', 'recorder', 'testing'] as const
const password = 'correct horse battery'

const configFile = `import { defineConfig } from '@signalbox/core'
import { recorder } from '@signalbox/recorder'

const networks: string[] = ['127.0.0.0/8']
export default defineConfig({ port: 0, plugins: [recorder({ networks })] })
`

const consumer = `import { createPlatform, loadConfig, users, type Platform, type StartedPlatform } from '@signalbox/core'
import { definePlugin, isPlatformError, type Caller } from '@signalbox/plugin'
import { cameras, jobs, recorder } from '@signalbox/recorder'

export const platform: Platform = createPlatform(await loadConfig())
export const caller: Caller = { kind: 'open', actor: 'open', roles: ['viewer'] }
export const quiet = definePlugin({ name: '@acme/quiet', version: '1.0.0', platform: '^1.0.0' })

export async function use(started: StartedPlatform): Promise<string[]> {
  const found = await started.service(cameras, { as: caller }).find({ enabled: true, $sort: { name: 1 } })
  const job = await started.service(jobs).get('1')
  const email: string | undefined = (await started.service(users).find())[0]?.email
  // @ts-expect-error a secret is in no record
  void found[0]?.password
  // @ts-expect-error the job has no such field
  void job.nothing
  return [...found.map(({ name }) => name), job.name, email ?? String(isPlatformError(undefined))]
}

// @ts-expect-error an option that does not exist
recorder({ storrage: 'recordings' })
`

const tsconfig = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: []
  },
  files: ['consumer.mts', 'signalbox.config.ts']
}

describe('The packages, installed in an empty folder', function () {
  this.timeout(180_000)
  const files = new Map<string, readonly string[]>()
  let home: TemporaryDirectory
  let running: RunningCommand | undefined

  before(async function () {
    if (!(await reachesRegistry())) {
      console.log(
        '    not tested: the packages as they are installed; the npm registry does not answer from here'
      )
      return this.skip()
    }
    home = await temporaryDirectory()
    const tarballs: string[] = []
    for (const name of names) {
      const { tarball, paths } = await packWorkspace(`@signalbox/${name}`)
      tarballs.push(tarball)
      files.set(name, paths)
    }
    await succeed('npm', ['init', '--yes'], home.path)
    // Not --omit=optional: the builds of argon2 for each machine are optional too.
    await succeed('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], home.path)
    await writeFile(join(home.path, 'signalbox.config.ts'), configFile)
  })

  afterEach(async () => {
    running?.kill()
    await running?.silent
    running = undefined
  })

  after(async () => {
    await home?.remove()
  })

  it('hold what runs, its types and its sources, and neither tests nor the state of a build', () => {
    for (const name of names) {
      const paths = files.get(name) ?? []
      for (const path of ['package.json', 'lib/index.js', 'lib/index.d.ts', 'src/index.ts']) {
        assert.ok(paths.includes(path), `${name} has no ${path}`)
      }
      assert.deepEqual(
        paths.filter((path) => /\.test\.|tsbuildinfo|node_modules|tsconfig|scripts\//.test(path)),
        [],
        name
      )
    }
    const core = files.get('core') ?? []
    assert.ok(core.includes('bin/signalbox.js'))
    for (const asset of ['swagger-ui.css', 'swagger-ui-bundle.js', 'redoc.standalone.js']) {
      assert.ok(core.includes(`assets/${asset}`), asset)
    }
  })

  it('are typed for whoever imports them', async () => {
    await writeFile(join(home.path, 'consumer.mts'), consumer)
    await writeFile(join(home.path, 'tsconfig.json'), JSON.stringify(tsconfig))
    await succeed(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], home.path)
  })

  it('tell of themselves without starting: manifest, doctor, migrate --check', async () => {
    await signalbox(['manifest', '--out', 'manifest.json'])
    const { resources } = JSON.parse(await readFile(join(home.path, 'manifest.json'), 'utf8'))
    assert.ok(resources.some(({ path }: { path: string }) => path === 'cameras'))
    await signalbox(['manifest', '--check', 'manifest.json'])
    await writeFile(join(home.path, 'old.json'), JSON.stringify({ hash: 'old' }))
    assert.match(await signalbox(['manifest', '--check', 'old.json'], 1), /old\.json is stale/)

    const report = await signalbox(['doctor'])
    assert.match(report, /ok +database: embedded.* migrations pending/)
    assert.match(report, /SIGNALBOX_RECORDER_STORAGE/)
    assert.match(await signalbox(['migrate', '--check'], 1), /pending: .*recorder/)
    await signalbox(['migrate'])
    assert.match(await signalbox(['migrate', '--check']), /up to date/)
  })

  it('start under npx, answer, and are gone at SIGTERM', async () => {
    const command = start('npx', ['signalbox', 'start'])
    const call = await signIn(await urlOf(command), 'admin@signalbox.local', password)
    const { status, body } = await call('GET', '/status')
    assert.equal(status, 200)
    assert.equal(body.plugins.recorder.state, 'running', JSON.stringify(body.plugins))
    command.signal('SIGTERM')
    await command.silent
    assert.equal(await wasShutDown(join(home.path, 'data')), true)
  })

  it('keep a camera’s password readable through backup, rekey and restore', async function () {
    const ffmpeg = await findFfmpeg()
    if (!ffmpeg) {
      console.log(
        '      not tested: that a camera’s password outlives a rekey; no ffmpeg here (apt-get install ffmpeg)'
      )
      return this.skip()
    }
    const camera = await startFakeCamera({
      username: 'viewer',
      password: 'pa:ss w@rd',
      authentication: 'digest',
      video: await makeTestVideo({ ffmpeg: ffmpeg.path })
    })
    try {
      const id = await whileRunning((call) => addCamera(call, camera))
      const reaches = () => whileRunning((call) => testCamera(call, id))
      await signalbox(['backup', 'backup.tar.gz'])

      const keyFile = join(home.path, 'data', 'secret.key')
      const keys = await readFile(keyFile, 'utf8')
      assert.match(await signalbox(['rekey']), /sealed 1 secrets anew/)
      const [newest = '', ...older] = (await readFile(keyFile, 'utf8')).trim().split('\n')
      assert.deepEqual(older, keys.trim().split('\n'))
      await writeFile(keyFile, `${newest}\n`)
      await reaches()

      assert.match(await signalbox(['restore', 'backup.tar.gz'], 1), /force/)
      await signalbox(['restore', 'backup.tar.gz', '--force'])
      assert.equal(await readFile(keyFile, 'utf8'), keys)
      await reaches()
    } finally {
      await camera.stop()
    }
  })

  /** Runs a command of the CLI in plain Node; resolves with what it printed. */
  async function signalbox(args: readonly string[], expected = 0): Promise<string> {
    const { code, output } = await runToEnd(join('node_modules', '.bin', 'signalbox'), args, {
      cwd: home.path
    })
    assert.equal(code, expected, `signalbox ${args.join(' ')}\n${output}`)
    return output
  }

  function start(command: string, args: readonly string[]): RunningCommand {
    const env = { SIGNALBOX_ADMIN_PASSWORD: password, SIGNALBOX_DATA: join(home.path, 'data') }
    return (running = runCommand(command, args, { cwd: home.path, env }))
  }

  /** Starts the installed platform, does something as its administrator, and stops it. */
  async function whileRunning<T>(act: (call: Call) => Promise<T>): Promise<T> {
    const command = start(join('node_modules', '.bin', 'signalbox'), ['start'])
    const result = await act(await signIn(await urlOf(command), 'admin@signalbox.local', password))
    command.signal('SIGTERM')
    assert.equal(await command.ended, 0, command.output)
    await command.silent
    return result
  }
})

async function addCamera(call: Call, camera: FakeCamera): Promise<string> {
  const { body, status } = await call('POST', '/cameras', {
    name: 'Gate',
    protocol: 'rtsp',
    streams: { main: camera.url('/main') },
    ...camera.login
  })
  assert.equal(status, 201, JSON.stringify(body))
  await testCamera(call, body.id)
  return body.id
}

async function testCamera(call: Call, id: string): Promise<void> {
  const { body } = await call('POST', `/cameras/${id}/test`)
  assert.equal(body.success, true, JSON.stringify(body))
}

async function urlOf(command: RunningCommand): Promise<string> {
  return (await command.line(/^ready /)).slice('ready '.length)
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await runToEnd(command, args, { cwd, timeoutMs: 150_000 })
  assert.equal(code, 0, `${command} ${args.join(' ')}\n${output}`)
  return output
}
