import { createWriteStream } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { create } from 'tar'
import { backupEntries, type BackupManifest } from './BackupManifest.ts'
import { POSTGRES_MAJOR } from './embedded/postgresMajor.ts'
import { syncPath } from './syncTree.ts'

/** What goes into a backup. All paths are absolute. */
export interface ArchiveOptions {
  /** The data directory. Nothing may write to it meanwhile. */
  readonly directory: string
  /** The `.tar.gz` to write. It appears when it is complete, readable by its owner only. */
  readonly file: string
  /** Files to put beside the database, by their base names. */
  readonly extra: readonly string[]
}

async function writeManifest(file: string): Promise<void> {
  const manifest: BackupManifest = {
    format: 1,
    createdAt: new Date().toISOString(),
    postgresMajor: POSTGRES_MAJOR
  }
  await writeFile(file, JSON.stringify(manifest))
}

/** Streams a data directory and some files into a backup, built beside its destination and renamed. */
export async function writeArchive({ directory, file, extra }: ArchiveOptions): Promise<void> {
  const parent = dirname(file)
  const building = await mkdtemp(join(parent, '.backup-'))
  try {
    const manifest = join(building, backupEntries.manifest)
    const archive = join(building, basename(file))
    await writeManifest(manifest)

    const names = new Map(extra.map((path) => [path, `${backupEntries.extra}/${basename(path)}`]))
    names.set(manifest, backupEntries.manifest)
    const nameOf = (path: string) => {
      const below = relative(directory, path).split(sep).join('/')
      return names.get(path) ?? `${backupEntries.database}/${below}`
    }

    const entries = create(
      {
        gzip: true,
        portable: true,
        preservePaths: true,
        onWriteEntry: (entry) => {
          entry.path = nameOf(entry.absolute)
        }
      },
      [manifest, directory, ...extra]
    )
    await pipeline(entries, createWriteStream(archive, { mode: 0o600, flush: true }))
    await rename(archive, file)
    await syncPath(parent)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}
