import { createReadStream } from 'node:fs'
import { Parser, type ReadEntry } from 'tar'
import { backupEntries, type BackupManifest } from './BackupManifest.ts'
import { dataError } from './dataError.ts'

const LONGEST_MANIFEST = 64 * 1024

/** The text of an archive's first entry, if that is a manifest; reads no further into the file than needed. */
function readFirstEntry(file: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const source = createReadStream(file)
    const parser = new Parser({ strict: true })
    const finish = (text: string | undefined) => {
      source.destroy()
      resolve(text)
    }
    parser.on('entry', (entry: ReadEntry) => {
      if (entry.path !== backupEntries.manifest || entry.size > LONGEST_MANIFEST) return finish(undefined)
      const chunks: Buffer[] = []
      entry.on('data', (chunk) => chunks.push(chunk))
      entry.on('end', () => finish(Buffer.concat(chunks).toString()))
    })
    parser.on('end', () => finish(undefined))
    parser.on('error', () => finish(undefined))
    source.on('error', reject)
    source.on('data', (chunk) => parser.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
    source.on('end', () => parser.end())
  })
}

function parseManifest(text: string | undefined): BackupManifest | undefined {
  try {
    const { format, createdAt, postgresMajor }: Partial<BackupManifest> = JSON.parse(text ?? '')
    if (format !== 1 || typeof createdAt !== 'string' || typeof postgresMajor !== 'string') return undefined
    return { format, createdAt, postgresMajor }
  } catch {
    return undefined
  }
}

/** The manifest of a backup. @throws `BACKUP_INVALID` for any other file. */
export async function readManifest(file: string): Promise<BackupManifest> {
  const manifest = parseManifest(await readFirstEntry(file))
  if (manifest) return manifest
  throw dataError(
    'BACKUP_INVALID',
    `${file} is not a backup that this Signalbox can read: name a file that its backup command wrote.`
  )
}
