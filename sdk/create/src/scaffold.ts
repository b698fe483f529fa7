import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ScaffoldOptions {
  /** The folder of the template. */
  readonly template: URL
  /** The folder to make; it may exist where nothing is in it. */
  readonly folder: string
  /** The name of the package in it. */
  readonly name: string
  /** The version of our packages that it is to use. */
  readonly version: string
  /** Changes the text of each file. */
  readonly rewrite?: (text: string) => string
}

/** Copies a template into a new folder, and makes it a package of this name. */
export async function scaffold({
  template,
  folder,
  name,
  version,
  rewrite = (text) => text
}: ScaffoldOptions): Promise<void> {
  const target = resolve(folder)
  if ((await entriesOf(target)).length > 0)
    throw new Error(`${target} is not empty: name a folder that does not exist yet.`)
  await mkdir(target, { recursive: true })
  const source = fileURLToPath(template)
  for (const path of await filesOf(source)) {
    // npm would take a file of this name for its own when it packs the template.
    const to = join(target, dirname(path), basename(path).replace(/^_gitignore$/, '.gitignore'))
    await cp(join(source, path), to)
    await writeFile(to, rewrite(await readFile(to, 'utf8')))
  }
  await namePackage(join(target, 'package.json'), name, version)
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, '/').length))
}

async function entriesOf(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

/** Our packages are released together, so that all of them are asked for in one version. */
async function namePackage(file: string, name: string, version: string): Promise<void> {
  const json = JSON.parse(await readFile(file, 'utf8')) as Record<string, any>
  json['name'] = name
  for (const field of ['dependencies', 'peerDependencies', 'devDependencies']) {
    for (const dependency of Object.keys(json[field] ?? {})) {
      if (dependency.startsWith('@signalbox/')) json[field][dependency] = `^${version}`
    }
  }
  await writeFile(file, `${JSON.stringify(json, undefined, 2)}\n`)
}
