import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Makes the name and the content of a file, or the names in a directory, survive a power loss. */
export async function syncPath(path: string): Promise<void> {
  // Windows cannot open a directory, and needs no sync of one
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (process.platform === 'win32') return undefined
    throw error
  })
  try {
    await handle?.sync()
  } finally {
    await handle?.close()
  }
}

/** {@link syncPath} for everything below a directory, and for the directory itself. */
export async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else if (entry.isFile()) await syncPath(path)
  }
  await syncPath(directory)
}
