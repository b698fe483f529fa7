import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GeneratedFile } from '../files/GeneratedFile.ts'
import { compareClient, type Difference } from './compareClient.ts'

/**
 * Makes a directory hold these files, and tells what had to be done for it. A file that is right is not touched; only
 * files that an earlier run wrote are replaced or removed.
 */
export async function writeClient(directory: string, files: readonly GeneratedFile[]): Promise<Difference> {
  const difference = await compareClient(directory, files)
  const { missing, changed, leftOver } = difference
  const wrong = new Set([...missing, ...changed])
  try {
    await mkdir(directory, { recursive: true })
    for (const { name, text } of files) {
      if (wrong.has(name)) await replace(directory, name, text)
    }
    for (const name of leftOver) await rm(join(directory, name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`${directory} cannot be written: ${code}.`, { cause: error })
  }
  return difference
}

/** In one step, so that who watches the directory, or ends this half-way, never sees half a file. */
async function replace(directory: string, name: string, text: string): Promise<void> {
  const draft = join(directory, `.${name}.${process.pid}`)
  await writeFile(draft, text)
  await rename(draft, join(directory, name))
}
