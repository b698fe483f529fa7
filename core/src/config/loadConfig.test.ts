import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { loadConfig } from './loadConfig.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

const weatherPlugin = `
  interface Options { readonly station: string }
  export const weather = {
    $type: 'signalbox/plugin@1', name: '@acme/weather', version: '1.0.0', platform: '^1.0.0',
    options: { } satisfies Partial<Options>
  } as const
`

const typedConfig = `
  import type { Plugin } from '@signalbox/plugin'
  import { weather } from './weather.ts'
  const plugins: readonly Plugin[] = [weather]
  export default { name: 'Typed' as string, plugins }
`

/** Prints what the configuration of the folder says, and whether its plugin is the one that the host imports. */
const script = ({ url, file }: { url: string; file?: string }) => `
  import { loadConfig } from ${JSON.stringify(url)}
  const { name, plugins, warnings } = await loadConfig(${JSON.stringify({ file, env: {} })})
  const { weather } = await import(new URL('weather.ts', 'file://' + process.cwd() + '/'))
  console.log(JSON.stringify({ name, same: plugins[0] === weather, warnings }))
`

/** Compiles this folder as it is published, so that a plain Node can run it. */
async function compile(folder: string): Promise<string> {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
  const project = {
    extends: join(repository, 'tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      declarationMap: false,
      customConditions: ['source'],
      typeRoots: [join(repository, 'node_modules/@types')],
      rootDir: repository,
      outDir: join(folder, 'lib')
    },
    files: ['loadConfig.ts', 'typeStripHook.ts'].map((name) => join(repository, 'core/src/config', name))
  }

  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project))
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'))
  await run(process.execPath, [tsc, '-p', folder])

  return pathToFileURL(join(folder, 'lib/core/src/config/loadConfig.js')).href
}

describe('loading the configuration', () => {
  let root: string

  async function makeFolder(files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await mkdtemp(join(root, 'site-'))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)

    return folder
  }

  async function faultsOf(options: Parameters<typeof loadConfig>[0]): Promise<readonly string[]> {
    const config = await loadConfig({ env: {}, ...options }).catch((error: any) => error)
    assert.equal(config.code, 'CONFIG_INVALID')

    return config.faults
  }

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'signalbox-load-'))
  })

  after(() => rm(root, { recursive: true }))

  it('finds the file, TypeScript first', async () => {
    const cwd = await makeFolder({ 'signalbox.config.mjs': 'export default { name: "mjs" }' })
    assert.equal((await loadConfig({ cwd, env: {} })).name, 'mjs')

    await writeFile(join(cwd, 'package.json'), '{ "type": "module" }')
    await writeFile(join(cwd, 'signalbox.config.ts'), 'export default { name: "ts" as string }')
    assert.equal((await loadConfig({ cwd, env: {} })).name, 'ts')
  })

  it('takes a file of another name, and starts relative paths at the working directory', async () => {
    const cwd = await makeFolder({})
    await mkdir(join(cwd, 'deep'))
    await writeFile(join(cwd, 'deep/demo.config.mjs'), 'export default { log: { file: "demo.log" } }')
    const { dataDirectory, log, warnings } = await loadConfig({ cwd, file: 'deep/demo.config.mjs', env: {} })

    assert.equal(dataDirectory, join(cwd, 'data'))
    assert.equal(log.file, join(cwd, 'demo.log'))
    assert.deepEqual(warnings, [])
  })

  it('reads the .env beside the file under the real environment, and leaves the process as it was', async () => {
    const cwd = await makeFolder({
      'signalbox.config.mjs': 'export default { port: 1, host: "127.0.0.1", name: "Pier" }',
      '.env': 'PORT=2\nHOST="127.0.0.2" # local\nSIGNALBOX_LOG_LEVLE=warn\n'
    })
    const before = { ...process.env }
    const config = await loadConfig({ cwd, env: { PORT: '3' }, overrides: { name: 'Quay' } })

    assert.deepEqual([config.port, config.host, config.name], [3, '127.0.0.2', 'Quay'])
    assert.deepEqual(config.warnings, ['SIGNALBOX_LOG_LEVLE sets nothing; did you mean SIGNALBOX_LOG_LEVEL?'])
    assert.deepEqual({ ...process.env }, before)
  })

  it('goes on without a file, and says so', async () => {
    const cwd = await makeFolder({ '.env': 'PORT=81' })
    const { port, warnings } = await loadConfig({ cwd, env: {} })

    assert.equal(port, 81)
    assert.deepEqual(warnings, [`there is no signalbox.config.ts in ${cwd}`])
  })

  it('says what is wrong with a file that it cannot use', async () => {
    const cwd = await makeFolder({
      'empty.mjs': 'export const port = 1',
      'throws.mjs': 'throw new Error("no such camera")',
      'syntax.mjs': 'export default {',
      'faulty.mjs': 'export default { port: "80" }'
    })

    assert.deepEqual(await faultsOf({ cwd, file: 'none.ts' }), [
      `the configuration file ${join(cwd, 'none.ts')} does not exist`
    ])
    assert.deepEqual(await faultsOf({ cwd, file: 'empty.mjs' }), [
      `${join(cwd, 'empty.mjs')} must export default defineConfig({ … })`
    ])
    assert.deepEqual(await faultsOf({ cwd, file: 'throws.mjs' }), [
      `${join(cwd, 'throws.mjs')} cannot be loaded: no such camera`
    ])
    assert.match((await faultsOf({ cwd, file: 'syntax.mjs' }))[0] ?? '', /syntax\.mjs cannot be loaded: ./)
    assert.deepEqual(await faultsOf({ cwd, file: 'faulty.mjs' }), [
      'port must be an integer between 0 and 65535, got "80"'
    ])
  })

  describe('in a process of its own', () => {
    let compiled: string
    let site: string

    const start = (options: { url: string; file?: string }, ...flags: string[]) =>
      run(process.execPath, [...flags, '--input-type=module', '--eval', script(options)], {
        cwd: site,
        env: {}
      })

    before(async function () {
      this.timeout(60_000)
      const folder = join(root, 'published')
      await mkdir(folder)
      compiled = await compile(folder)
      site = await makeFolder({ 'weather.ts': weatherPlugin, 'signalbox.config.ts': typedConfig })
    })

    for (const [kind, manifest] of [
      ['in a folder of modules', '{ "type": "module" }'],
      ['in a folder that does not say', '{}']
    ] as const) {
      it(`imports TypeScript under a plain Node, ${kind}, through the one module cache`, async () => {
        await writeFile(join(site, 'package.json'), manifest)
        const { stdout } = await start({ url: compiled })

        assert.deepEqual(JSON.parse(stdout), { name: 'Typed', same: true, warnings: [] })
      })
    }

    it('leaves TypeScript to tsx where that is there, and so takes what only tsx can', async () => {
      const name = 'enum Name { Pier = "Typed" }'
      await writeFile(join(site, 'package.json'), '{ "type": "module" }')
      await writeFile(
        join(site, 'signalbox.config.mts'),
        `${name}\n${typedConfig.replace("'Typed'", 'Name.Pier')}`
      )
      const tsx = pathToFileURL(require.resolve('tsx')).href
      const source = pathToFileURL(join(repository, 'core/src/config/loadConfig.ts')).href

      for (const url of [compiled, source]) {
        const { stdout } = await start(
          { url, file: 'signalbox.config.mts' },
          '--import',
          tsx,
          '--conditions=source'
        )
        assert.deepEqual(JSON.parse(stdout), { name: 'Typed', same: true, warnings: [] })
      }
    })

    it('names the file, and what in it is more than types', async () => {
      const file = join(site, 'enum.config.ts')
      await writeFile(file, 'export default {}\n\nenum Side { Left, Right }\n')
      const code = `
        import { loadConfig } from ${JSON.stringify(compiled)}
        await loadConfig({ file: 'enum.config.ts' }).catch((error) => console.log(error.message))
      `
      const args = ['--input-type=module', '--eval', code]
      const { stdout } = await run(process.execPath, args, { cwd: site, env: {} })

      assert.match(stdout, /enum\.config\.ts cannot be loaded: .*enum is not supported/)
    })
  })
})
