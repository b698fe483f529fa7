import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The finished files of a job's folder, by name, and so by the time at which they begin. */
export async function recordedFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return names
    .filter((name) => name.endsWith('.mp4'))
    .toSorted()
    .map((name) => join(folder, name))
}
