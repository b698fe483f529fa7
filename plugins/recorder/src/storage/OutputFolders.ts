import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { invalidField } from '@signalbox/plugin'

export interface OutputFoldersOptions {
  /** Absolute. */
  readonly storage: string
  /** Further folders that jobs may write to; absolute. */
  readonly roots: readonly string[]
}

/** Where jobs may write: below the storage or another allowed folder, symbolic links looked through. */
export class OutputFolders {
  readonly storage: string
  readonly #roots: readonly string[]

  constructor({ storage, roots }: OutputFoldersOptions) {
    this.storage = storage
    this.#roots = [storage, ...roots]
  }

  /** The absolute folder of a job. A relative one stands below the storage. */
  folderOf(job: { readonly id: string; readonly outputDir?: string | null | undefined }): string {
    return job.outputDir ? resolve(this.storage, job.outputDir) : join(this.storage, job.id)
  }

  /** Refuses with a 400 a folder that leads out of the allowed ones. */
  async check(outputDir: string): Promise<void> {
    if (outputDir.includes('\0')) throw invalidField('outputDir', 'must be a path')
    const folder = await existing(resolve(this.storage, outputDir))
    const roots = await Promise.all(this.#roots.map(existing))
    if (!roots.some((root) => folder === root || folder.startsWith(root + sep))) {
      const where = isAbsolute(outputDir)
        ? 'recorder.outputRoots allows no such folder'
        : 'must stay below the storage'
      throw invalidField('outputDir', where)
    }
  }
}

/** The path with the part that exists looked through. */
async function existing(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await existing(parent), path.slice(parent.length))
  }
}
