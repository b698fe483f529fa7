import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporaryDirectory.ts'
import { run } from './cli.ts'
import { manifest, resource } from './testManifest.test.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const program = `import { run } from '${new URL('./cli.ts', import.meta.url).href}'
await run(process.argv.slice(1)).catch(({ message }) => { console.log(message); process.exitCode = 1 })`

describe('signalbox generate', function () {
  this.timeout(60_000)
  let home: TemporaryDirectory
  let out: string
  let file: string

  before(async () => {
    home = await temporaryDirectory()
    out = join(home.path, 'client')
    file = join(home.path, 'manifest.json')
    await writeFile(file, JSON.stringify(manifest()))
  })
  after(() => home.remove())

  it('writes, says what it wrote, and says so where it had nothing to do', async () => {
    assert.deepEqual(await generate([file, '--out', out]), [
      0,
      `${out}: harbour.ts written, index.ts written, feathers.ts written\n`
    ])
    assert.deepEqual(await generate(['--from', file, '--out', out]), [0, `${out} is current\n`])
  })

  it('only tells with --check, and fails where the client is stale', async () => {
    assert.deepEqual(await generate([file, '--out', out, '--check']), [0, `${out} is current\n`])
    const newer = JSON.stringify(manifest({ hash: 'def', services: [], resources: [resource('ships')] }))
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(await generate(['-', '--out', out, '--check'], newer), [
        1,
        `${out} is stale: harbour.ts differs, index.ts differs, feathers.ts differs. Run the same without --check.\n`
      ])
    }
    assert.deepEqual(await generate(['-', '--out', out], newer), [
      0,
      `${out}: harbour.ts renewed, index.ts renewed, feathers.ts renewed\n`
    ])
  })

  it('says what is wrong with its arguments', async () => {
    const cases: [args: string[], sentence: string | RegExp][] = [
      [[file], "required option '-o, --out <directory>' not specified"],
      [['--out', out], /^There is no source: name the URL of a deployment/],
      [[file, '--from', file, '--out', out], /^The source is given twice/],
      [[file, '--out', out, '--watch'], "unknown option '--watch'"],
      [[file, '--out', out, '--import-extension', 'mjs'], /Allowed choices are js, ts, none\.$/],
      [[file, file, '--out', out], /^too many arguments/]
    ]
    for (const [args, message] of cases) await assert.rejects(run(['generate', ...args]), { message })
  })

  /** Runs it in a process of its own; returns its exit code and what it printed. */
  async function generate(args: readonly string[], input = ''): Promise<[code: number, output: string]> {
    const options = ['--import=tsx', '--conditions=source', '--input-type=module', '--eval', program]
    const child = spawn(process.execPath, [...options, 'generate', ...args], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit']
    })
    child.stdin.end(input)
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    return [code, output]
  }
})
