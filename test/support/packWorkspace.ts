import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** A package of ours as it would be published. */
export interface PackedWorkspace {
  readonly tarball: string
  /** The paths in it. */
  readonly paths: readonly string[]
}

const packed = new Map<string, Promise<PackedWorkspace>>()
let folder: Promise<string> | undefined

/** Packs one of our packages by its npm name, once for a test run; what is packed is removed when that ends. */
export function packWorkspace(name: string): Promise<PackedWorkspace> {
  const made = packed.get(name) ?? pack(name)
  packed.set(name, made)
  return made
}

async function pack(name: string): Promise<PackedWorkspace> {
  const directory = join(await (folder ??= prepare()), name.replaceAll('/', '-'))
  await mkdir(directory)
  await run('npm', ['pack', '--pack-destination', directory, '--workspace', name], { cwd: root })
  const [file = ''] = await readdir(directory)
  const tarball = join(directory, file)
  const { stdout } = await run('tar', ['-tzf', tarball])
  const paths = stdout.trim().split('\n')
  return { tarball, paths: paths.map((path) => path.replace(/^package\//, '')) }
}

async function prepare(): Promise<string> {
  await run('npm', ['run', '--silent', 'build'], { cwd: root })
  const path = await mkdtemp(join(tmpdir(), 'signalbox-packed-'))
  process.once('exit', () => rmSync(path, { recursive: true, force: true }))
  return path
}

let reachable: Promise<boolean> | undefined

/** Whether npm can install from here; asked once. */
export function reachesRegistry(): Promise<boolean> {
  const args = ['view', 'typebox', 'version', '--fetch-retries=0', '--fetch-timeout=10000']
  return (reachable ??= run('npm', args, { cwd: root }).then(
    () => true,
    () => false
  ))
}
