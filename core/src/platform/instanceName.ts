import { createHash, randomUUID } from 'node:crypto'
import { readFile, realpath, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/**
 * Names the node that a data directory makes of a process: the same through all its lives, and another than that of
 * any node beside it, be it on a machine of the same name, in the same path, or on a copy of the same directory.
 */
export async function instanceName(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, 'instance')
  await writeFile(file, randomUUID(), { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return createHash('sha256')
    .update([await readFile(file, 'utf8'), hostname(), await realpath(dataDirectory)].join('\n'))
    .digest('hex')
    .slice(0, 16)
}
