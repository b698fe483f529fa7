import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate, writeClient, type GenerateOptions, type Manifest } from '@signalbox/codegen'
import { runToEnd } from '../e2e/runCommand.ts'
import { compilers, emitDeclarations } from './emitDeclarations.ts'
import { temporaryDirectory } from './temporaryDirectory.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
export interface Checked {
  readonly code: number | string
  readonly output: string
  /** What the compiler counted; it is the same on every machine. */
  readonly instantiations: number
}

export interface CheckOptions {
  readonly compiler?: keyof typeof compilers
  readonly compilerOptions?: Readonly<Record<string, unknown>>
}

/** A project of somebody’s, with `@signalbox/client` as npm would install it: its declarations, not its sources. */
export interface ClientProject {
  readonly path: string
  /** Writes a file; `files` by their paths. */
  write(files: Readonly<Record<string, string>>): Promise<void>
  /** Generates the client of a manifest into `src/signalbox`. */
  generate(manifest: Manifest, options?: GenerateOptions): Promise<void>
  /** Checks the types of everything in `src`. */
  check(options?: CheckOptions): Promise<Checked>
  remove(): Promise<void>
}

export async function clientProject(): Promise<ClientProject> {
  const { path, remove } = await temporaryDirectory()
  const write: ClientProject['write'] = async (files) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true })
      await writeFile(join(path, name), text)
    }
  }
  const client = 'node_modules/@signalbox/client'
  await write({
    'package.json': JSON.stringify({ type: 'module' }),
    [`${client}/package.json`]: JSON.stringify({
      type: 'module',
      exports: { '.': { types: './lib/index.d.ts' } }
    })
  })
  await emitDeclarations('client', join(path, client, 'lib'))
  for (const name of ['socket.io-client', '@feathersjs', '@types'])
    await symlink(join(root, 'node_modules', name), join(path, 'node_modules', name))

  return {
    path,
    write,
    remove,
    generate: async (manifest, options) =>
      void (await writeClient(join(path, 'src/signalbox'), generate(manifest, options))),
    check: async ({ compiler = 7, compilerOptions = {} } = {}) => {
      const options = {
        module: 'nodenext',
        target: 'es2023',
        lib: ['es2023', 'dom', 'dom.iterable'],
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        ...compilerOptions
      }
      await write({ 'tsconfig.json': JSON.stringify({ compilerOptions: options, include: ['src'] }) })
      const { code, output } = await runToEnd(
        process.execPath,
        [compilers[compiler], '-p', path, '--extendedDiagnostics'],
        { cwd: path, timeoutMs: 120_000 }
      )
      return { code, output, instantiations: Number(/Instantiations: +(\d+)/.exec(output)?.[1]) }
    }
  }
}
