import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './Report.ts'

/** As much of a package.json as is looked at. */
export interface PackageJson {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly exports?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The package.json of a plugin’s folder. */
export async function readPackage(folder: string): Promise<PackageJson> {
  const file = join(folder, 'package.json')
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`There is no ${file}: name the folder of a plugin’s package.`)
  })
  return JSON.parse(text) as PackageJson
}

/** Whether a deployment that installs the package gets one plugin, and one copy of the contract. */
export function checkPackage(json: PackageJson): Finding {
  const { dependencies = {}, peerDependencies = {} } = json
  const said = (['name', 'version', 'description', 'license'] as const).filter((field) => !json[field])
  const faults = [
    ...said.map((field) => `package.json has no ${field}`),
    ...(json.type === 'module' ? [] : ['package.json has no "type": "module"']),
    ...(entriesOf(json).length > 0
      ? []
      : [
          'package.json has no "exports" with a "." of "types" and "default": nobody could import the plugin'
        ]),
    ...(dependencies['@signalbox/core']
      ? ['package.json depends on @signalbox/core, the host: a plugin needs @signalbox/plugin only']
      : []),
    ...(peerDependencies['@signalbox/plugin']
      ? []
      : [
          'package.json has no peer dependency on @signalbox/plugin: the deployment’s own copy is the one to use; ' +
            'npm install --save-peer @signalbox/plugin'
        ])
  ]
  return { title: 'is a package that a deployment can install', faults }
}

/** Whether all is packed that is exported, and nothing that is nobody’s business. */
export function checkContents(json: PackageJson, paths: readonly string[]): Finding {
  const foreign = paths.filter((path) =>
    /(^|\/)(\.env|node_modules\/|data\/)|\.test\.|tsbuildinfo$|\.log$/.test(path)
  )
  const missing = entriesOf(json).filter((path) => !paths.includes(path))
  const faults = [
    ...missing.map(
      (path) => `${path}, which package.json exports, is not packed: build first, or name it in "files"`
    ),
    ...foreign.map((path) => `${path} does not belong into a package: leave it out of "files"`),
    ...(paths.some((path) => /^readme(\.md)?$/i.test(path)) ? [] : ['there is no README.md'])
  ]
  return { title: 'packs what it exports, and neither tests nor leftovers', faults }
}

/** The files behind the main export. */
function entriesOf({ exports }: PackageJson): string[] {
  const main = (exports as { readonly '.'?: unknown } | undefined)?.['.'] ?? exports
  const targets = typeof main === 'string' ? { default: main } : ((main ?? {}) as Record<string, unknown>)
  const { types, import: imported, default: fallback = imported } = targets
  const isWhole = typeof fallback === 'string' && (typeof types === 'string' || typeof main === 'string')
  return isWhole
    ? [types, fallback].filter((path) => typeof path === 'string').map((path) => path.replace(/^\.\//, ''))
    : []
}
