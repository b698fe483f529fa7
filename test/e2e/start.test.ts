import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findFfmpeg } from '../support/fakeCamera/index.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { runCommand, runToEnd, type RunningCommand } from './runCommand.ts'
import { signIn, type Call } from './signIn.ts'
import { wasShutDown } from './wasShutDown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const email = 'admin@signalbox.local'

describe('A start from the checkout', function () {
  this.timeout(90_000)
  let directory: TemporaryDirectory
  let running: RunningCommand[] = []

  const npmStart = (env: Readonly<Record<string, string>> = {}): RunningCommand => {
    const command = runCommand('npm', ['start'], { cwd: root, env: platform(env) })
    running.push(command)
    return command
  }
  const start = (env: Readonly<Record<string, string>>): RunningCommand => {
    const command = runCommand(process.execPath, startArguments, { cwd: root, env: platform(env) })
    running.push(command)
    return command
  }
  const startArguments = [
    'core/bin/signalbox.js',
    'start',
    '--config',
    'examples/all-in-one/signalbox.config.ts'
  ]
  const platform = (env: Readonly<Record<string, string>>) => ({
    PORT: '0',
    SIGNALBOX_DATA: directory.path,
    ...env
  })

  before(async function () {
    const { code, output } = await runToEnd('npm', ['run', '--silent', 'build'], { cwd: root })
    assert.equal(code, 0, output)
  })

  beforeEach(async () => {
    directory = await temporaryDirectory()
  })

  afterEach(async () => {
    for (const command of running) command.kill()
    await Promise.all(running.map(({ silent }) => silent))
    running = []
    await directory.remove()
  })

  it('shows the password that it made up once, and leaves nothing behind at SIGTERM', async function () {
    const first = npmStart()
    const url = (await first.line(/^ready /)).slice('ready '.length)
    const shown = first.output.split('\n').filter((line) => line.includes('password'))
    assert.equal(shown.length, 1, first.output)
    const password = /password (\S+)/.exec(shown[0] ?? '')?.[1] ?? ''
    const call = await signIn(url, email, password)
    assert.equal((await call('GET', '/status')).status, 200)
    assert.equal(first.output.split('\n').filter((line) => line.startsWith('ready ')).length, 1)

    if (await findFfmpeg()) await record(call)
    else console.log('      not tested: that ffmpeg is stopped; no ffmpeg here (apt-get install ffmpeg)')
    await assertStops(first)

    const second = npmStart()
    const again = (await second.line(/^ready /)).slice('ready '.length)
    assert.ok(!second.output.includes('password'), second.output)
    await signIn(again, email, password)
    await assertStops(second)
  })

  it('stops in order at the Ctrl-C of a terminal', async () => {
    const command = npmStart()
    await command.line(/^ready /)
    assert.equal(await wasShutDown(directory.path), false)
    command.signal('SIGINT', { group: true })
    await assertGone(command)
  })

  it('takes a signal that npm passes on after the terminal for the same one', async () => {
    const command = start({})
    const url = (await command.line(/^ready /)).slice('ready '.length)
    command.signal('SIGINT')
    await until('a closed port', () => refuses(url), { everyMs: 5 })
    command.signal('SIGINT')
    await assertGone(command)
    assert.equal(await command.ended, 0)
  })

  it('says every fault of a configuration in a line of its own', async () => {
    const { code, output } = await runToEnd(process.execPath, startArguments, {
      cwd: root,
      env: platform({
        PORT: 'abc',
        HOST: '0.0.0.0',
        SIGNALBOX_AUTH_MODE: 'open',
        SIGNALBOX_AUTH_AS: 'admin',
        SIGNALBOX_RECORDER_NOPE: '1',
        SIGNALBOX_SECRET_FILE: '/nowhere/secret'
      })
    })
    assert.equal(code, 1)
    const lines = output.trimEnd().split('\n')
    assert.equal(lines.length, 4, output)
    assert.ok(lines.every((line) => line.startsWith('signalbox: ')))
    for (const culprit of [
      'PORT must',
      'HOST must',
      'SIGNALBOX_RECORDER_NOPE',
      'SIGNALBOX_SECRET_FILE: /nowhere/secret'
    ]) {
      assert.equal(lines.filter((line) => line.includes(culprit)).length, 1, `${culprit} in\n${output}`)
    }
  })

  it('says in one sentence that a port is taken, and ends', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const port = String((server.address() as AddressInfo).port)
      const command = start({ PORT: port, SIGNALBOX_LOG_LEVEL: 'warn' })
      await command.line(/^signalbox: /)
      assert.equal(await within(10_000, command.ended), 1, command.output.slice(0, 2000))
      const lines = command.output.trimEnd().split('\n')
      assert.deepEqual(lines, [`signalbox: Port ${port} on 127.0.0.1 is taken by another program; set PORT.`])
    } finally {
      server.close()
    }
  })

  it('takes secrets from files, and prints none of them however much it logs', async () => {
    const secrets = {
      SIGNALBOX_SECRET: 'key-of-the-deployment-41',
      SIGNALBOX_SECRET_PREVIOUS: 'key-of-last-year-42',
      SIGNALBOX_ADMIN_PASSWORD: 'pass word-of"admin\\43'
    }
    const files: Record<string, string> = {}
    for (const [name, value] of Object.entries(secrets)) {
      files[`${name}_FILE`] = join(directory.path, name)
      await writeFile(join(directory.path, name), `${value}\n`)
    }
    const log = join(directory.path, 'signalbox.log')
    const command = start({ ...files, SIGNALBOX_LOG_LEVEL: 'trace', SIGNALBOX_LOG_FILE: log })
    const call = await signIn(
      (await command.line(/^ready /)).slice('ready '.length),
      email,
      secrets.SIGNALBOX_ADMIN_PASSWORD
    )
    const cameraPassword = 'pa:ss w@rd-44'
    await failToRecord(call, cameraPassword)
    await assertStops(command)

    const printed = command.output + (await readFile(log, 'utf8'))
    assert.ok(printed.includes('/auth/login'), 'the requests are logged')
    for (const secret of [...Object.values(secrets), cameraPassword]) {
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
        assert.ok(!printed.includes(form), `${form} was printed`)
      }
    }
  })

  it('names a database that does not answer without its password', async () => {
    const { code, output } = await runToEnd(process.execPath, startArguments, {
      cwd: root,
      env: platform({
        DATABASE_URL: 'postgres://signalbox:pw-of-database-45@127.0.0.1:1/signalbox',
        SIGNALBOX_LOG_LEVEL: 'trace'
      })
    })
    assert.equal(code, 1)
    assert.match(output, /signalbox: .*127\.0\.0\.1:1/)
    assert.ok(!output.includes('pw-of-database-45'), output)
  })

  async function assertStops(command: RunningCommand): Promise<void> {
    command.signal('SIGTERM')
    await assertGone(command)
  }

  async function assertGone(command: RunningCommand): Promise<void> {
    await within(15_000, command.silent)
    assert.deepEqual(await processesOf(directory.path), [])
    assert.equal(await wasShutDown(directory.path), true)
  }
})

/** Records the built-in moving picture, so that an ffmpeg runs. */
async function record(call: Call): Promise<void> {
  const camera = await call('POST', '/cameras', { name: 'Picture', protocol: 'test' })
  const job = await call('POST', '/jobs', { name: 'Always', cameraId: camera.body.id })
  assert.equal(job.status, 201, JSON.stringify(job.body))
  assert.equal((await call('POST', `/jobs/${job.body.id}/start`)).status, 200)
  await until(
    'a running job',
    async () => (await call('GET', `/jobs/${job.body.id}`)).body.runtime.state === 'running'
  )
}

/** Starts a job at a port where no camera answers, so that ffmpeg complains about its URL. */
async function failToRecord(call: Call, password: string): Promise<void> {
  const streams = { main: 'rtsp://127.0.0.1:1/main' }
  const camera = await call('POST', '/cameras', {
    name: 'Dead',
    protocol: 'rtsp',
    streams,
    username: 'viewer',
    password
  })
  assert.equal(camera.status, 201, JSON.stringify(camera.body))
  const tested = await call('POST', `/cameras/${camera.body.id}/test`)
  assert.ok([200, 503].includes(tested.status), JSON.stringify(tested.body))
  assert.ok(!JSON.stringify(tested.body).includes(password))
}

/** Whether nobody listens there any more. */
function refuses(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => resolve(true))
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })
}

/** The processes whose arguments name this directory. */
async function processesOf(directory: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-eo', 'args'])
  return stdout.split('\n').filter((line) => line.includes(directory))
}

async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${timeoutMs} ms`)), timeoutMs)
  })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
