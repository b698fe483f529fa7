import { constants } from 'node:fs'
import { access, chmod, copyFile, mkdir, stat } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'

/** Whether the file exists and may be executed by us. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** The first executable of that name in the folders of `PATH`. */
export async function findOnPath(name: string, path: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  for (const folder of path.split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, file)))) return join(folder, file)
  }
  return undefined
}

/**
 * Returns a path under which the file can be executed: its own, with the permission added where it is missing (a package
 * whose install script did not run), or that of a copy in `cacheDirectory` where the package is read-only.
 */
export async function makeExecutable(path: string, cacheDirectory: string): Promise<string> {
  if (await isExecutable(path)) return path
  try {
    await chmod(path, 0o755)
    return path
  } catch {
    await mkdir(cacheDirectory, { recursive: true })
    const copy = join(cacheDirectory, basename(path))
    await copyFile(path, copy)
    await chmod(copy, 0o755)
    return copy
  }
}

/** The path that a package with a binary inside gives for it; `undefined` when the package is not installed. */
export async function packagedBinary(packageName: string): Promise<string | undefined> {
  try {
    const module: { default?: string | { path?: string } | null } = await import(packageName)
    const found = module.default
    return (typeof found === 'string' ? found : found?.path) ?? undefined
  } catch {
    return undefined
  }
}
