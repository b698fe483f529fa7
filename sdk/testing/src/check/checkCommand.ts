import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { temporaryDirectory } from '../temporaryDirectory.ts'
import { checkContents, checkPackage, readPackage, type PackageJson } from './checkPackage.ts'
import { packPackage, type Packed } from './packPackage.ts'
import { Report } from './Report.ts'
import { runNpm } from './runNpm.ts'
import { runProbe } from './runProbe.ts'

export interface CheckOptions {
  /** The folder of the plugin’s package. */
  readonly folder: string
  /** Folders or tarballs of packages that are not published yet. */
  readonly with: readonly string[]
}

const kit = '@signalbox/testing'

/**
 * Looks at a plugin as a stranger would install it: packs it, installs the package in an empty folder, starts it there
 * in plain Node, and goes through everything that every plugin must be. Prints a line for each check.
 */
export async function checkCommand({ folder, with: others }: CheckOptions): Promise<void> {
  const report = new Report((line) => process.stdout.write(`${line}\n`))
  const home = resolve(folder)
  const json = await readPackage(home)
  report.add(checkPackage(json))
  const { path, remove } = await temporaryDirectory()
  try {
    await checkInstalled({ home, json, report, path, others: others.map((one) => resolve(one)) })
  } finally {
    await remove()
  }
  if (report.failures === 0) return
  throw new Error(`${json.name} fails ${report.failures} of the checks above.`)
}

interface InstallOptions {
  readonly home: string
  readonly json: PackageJson
  readonly report: Report
  /** An empty folder. */
  readonly path: string
  readonly others: readonly string[]
}

async function checkInstalled({ home, json, report, path, others }: InstallOptions): Promise<void> {
  const packed = await attempt(report, 'can be packed', () => packPackage(home, path))
  if (!packed) return
  report.add({
    ...checkContents(json, packed.paths),
    notes: [`${packed.paths.length} files, ${Math.ceil(packed.size / 1000)} kB`]
  })
  const installed = await attempt(report, 'installs in an empty folder', async () => {
    const unpublished: Packed[] = []
    for (const spec of others) unpublished.push(await packPackage(spec, path))
    await writeFile(
      join(path, 'package.json'),
      JSON.stringify({ name: 'empty', private: true, type: 'module' })
    )
    const hasKit = unpublished.some(({ name }) => name === kit)
    const specs = [packed, ...unpublished].map(({ file }) => file)
    await runNpm(
      ['install', '--prefer-offline', ...specs, ...(hasKit ? [] : [`${kit}@${await ownVersion()}`])],
      path
    )
    return true
  })
  if (!installed) return
  const plugin = await runProbe({
    folder: path,
    name: packed.name,
    onFinding: (finding) => report.add(finding)
  })
  if (plugin) report.add({ title: 'agrees with its package.json', faults: disagreements(json, plugin) })
}

interface Told {
  readonly name: string
  readonly version: string
  readonly requires: readonly string[]
}

function disagreements(json: PackageJson, { name, version, requires }: Told): string[] {
  const installed = { ...json.dependencies, ...json.peerDependencies }
  return [
    ...(name === json.name ? [] : [`the plugin calls itself ${name}, the package is ${json.name}`]),
    ...(version === json.version ? [] : [`the plugin is ${version}, the package ${json.version}`]),
    ...requires
      .filter((needed) => !installed[needed])
      .map(
        (needed) => `it requires ${needed}, which is no peer dependency: npm install --save-peer ${needed}`
      )
  ]
}

async function attempt<T>(report: Report, title: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await run()
    report.add({ title })
    return result
  } catch (error) {
    report.add({ title, faults: [(error as Error).message] })
    return undefined
  }
}

/** The kit that is installed beside the plugin is the one that runs. */
async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
