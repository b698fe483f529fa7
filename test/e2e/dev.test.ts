import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { runCommand, runToEnd, type RunningCommand } from './runCommand.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const config = `import { defineConfig } from '@signalbox/core'
import { lamp } from './src/lamp.ts'

export default defineConfig({ databaseUrl: 'memory:', log: { level: 'warn' }, plugins: [lamp()] })
`

/** Writes what becomes of it into a file. */
const plugin = `import { appendFileSync } from 'node:fs'
import { definePlugin } from '@signalbox/plugin'
import { colour } from './colour.ts'

const note = (text: string): void => appendFileSync('lamp.txt', \`\${text} \${process.pid}\\n\`)

export const lamp = definePlugin({
  name: '@test/lamp',
  version: '1.0.0',
  platform: '^1.0.0',
  async start(ctx) {
    note(colour)
    ctx.defer(() => note('off'))
  }
})
`

describe('signalbox dev', function () {
  this.timeout(240_000)
  let home: TemporaryDirectory
  let dev: RunningCommand | undefined

  before(async () => {
    const { code, output } = await runToEnd('npm', ['run', '--silent', 'build'], { cwd: root })
    assert.equal(code, 0, output)
  })

  beforeEach(async () => {
    home = await temporaryDirectory()
    await symlink(join(root, 'node_modules'), join(home.path, 'node_modules'))
    await mkdir(join(home.path, 'src'))
    await write('signalbox.config.ts', config)
    await write('src/lamp.ts', plugin)
    await write('src/colour.ts', colour('red'))
  })

  afterEach(async () => {
    dev?.kill()
    await dev?.silent
    dev = undefined
    await home.remove()
  })

  const write = (path: string, text: string): Promise<void> => writeFile(join(home.path, path), text)
  const colour = (name: string): string => `export const colour: string = '${name}'\n`
  const start = (...args: string[]): RunningCommand => {
    const env = { PORT: '0', SIGNALBOX_DATA: join(home.path, 'data') }
    const options = { cwd: home.path, env, timeoutMs: 230_000 }
    return (dev = runCommand(
      process.execPath,
      [join(root, 'core/bin/signalbox.js'), 'dev', ...args],
      options
    ))
  }
  const lines = (command: RunningCommand, pattern: RegExp): string[] =>
    command.output.split('\n').filter((line) => pattern.test(line))
  const ready = (command: RunningCommand, count: number): Promise<string> =>
    until(`${count} starts`, () => lines(command, /^ready /)[count - 1], { timeoutMs: 120_000 }).catch(
      (error) => {
        throw new Error(`${String(error)}\n${command.output}`)
      }
    )
  const told = async (): Promise<string[]> =>
    (await readFile(join(home.path, 'lamp.txt'), 'utf8')).trim().split('\n')

  it('runs from source, and starts again in order, on the same port, when a source that is imported changes', async () => {
    const command = start()
    const first = await ready(command, 1)
    await write('src/nobody.ts', 'export {}')
    await write('src/colour.ts', colour('green'))
    assert.equal(await ready(command, 2), first)
    await write('.env', 'SIGNALBOX_LOG_LEVEL=error\n')
    assert.equal(await ready(command, 3), first)

    const said = (await told()).map((line) => line.split(' '))
    assert.deepEqual(
      said.map(([word]) => word),
      ['red', 'off', 'green', 'off', 'green']
    )
    assert.equal(new Set(said.map(([, pid]) => pid)).size, 3, 'a process for each start')
    assert.deepEqual(
      lines(command, /changed/),
      ['colour.ts', '.env'].map((name) => `signalbox dev: ${name} changed; starting again`)
    )
  })

  it('shows what is wrong with a source, and waits for its change', async () => {
    const command = start('--config', 'signalbox.config.ts')
    await ready(command, 1)
    await write('src/colour.ts', 'export const colour = (\n')
    await command.line(/colour\.ts:\d/)
    await command.line(/waiting for a change/)
    await write('src/colour.ts', `export { colour } from './missing/file.ts'\n`)
    await command.line(/missing\/file\.ts/)
    await until('the second wait', () => lines(command, /waiting for a change/).length === 2, {
      timeoutMs: 60_000
    })
    await mkdir(join(home.path, 'src/missing'))
    await until('the third wait', () => lines(command, /waiting for a change/).length === 3, {
      timeoutMs: 30_000
    })
    await write('src/missing/file.ts', colour('blue'))
    await ready(command, 2)
    assert.equal((await told()).at(-1)?.split(' ')[0], 'blue')
  })

  it('ends with all that it started, at Ctrl-C and when it is killed itself', async () => {
    for (const end of [
      (command: RunningCommand) => command.signal('SIGINT', { group: true }),
      (command: RunningCommand) => command.signal('SIGKILL')
    ]) {
      const command = start()
      await ready(command, 1)
      await appendFile(join(home.path, 'lamp.txt'), 'end 0\n')
      end(command)
      // The platform shares its output, so that this is the end of both.
      await command.silent
      assert.deepEqual((await told()).at(-1)?.split(' ')[0], 'off')
      assert.deepEqual(await processesOf(home.path), [])
    }
  })

  it('says what is missing in a folder without a configuration', async () => {
    const empty = await temporaryDirectory()
    try {
      const args = [join(root, 'core/bin/signalbox.js'), 'dev']
      const { code, output } = await runToEnd(process.execPath, args, { cwd: empty.path })
      assert.equal(code, 1)
      assert.match(output, /^signalbox: There is no signalbox\.config\.ts in \S+\. A plugin’s own folder/)
    } finally {
      await empty.remove()
    }
  })
})

/** The processes whose arguments name this directory. */
async function processesOf(directory: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-eo', 'args'])
  return stdout.split('\n').filter((line) => line.includes(directory))
}
