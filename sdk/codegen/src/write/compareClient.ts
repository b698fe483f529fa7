import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isGenerated } from '../files/fileOf.ts'
import type { GeneratedFile } from '../files/GeneratedFile.ts'

/** How a directory differs from what was generated, by file name. */
export interface Difference {
  readonly missing: readonly string[]
  readonly changed: readonly string[]
  /** What an earlier run wrote and this one does not: of a plugin that is gone. */
  readonly leftOver: readonly string[]
}

/**
 * Compares a directory with the files that belong into it. Throws a sentence where it holds anything else: nothing of
 * that may be in danger. Names that begin with a dot are nobody’s business here.
 */
export async function compareClient(directory: string, files: readonly GeneratedFile[]): Promise<Difference> {
  const present = await readGenerated(directory)
  const wanted = new Set(files.map(({ name }) => name))
  return {
    missing: files.map(({ name }) => name).filter((name) => !present.has(name)),
    changed: files.flatMap(({ name, text }) => ((present.get(name) ?? text) === text ? [] : [name])),
    leftOver: [...present.keys()].filter((name) => !wanted.has(name))
  }
}

async function readGenerated(directory: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  const strangers: string[] = []
  for (const entry of await entriesOf(directory)) {
    if (entry.name.startsWith('.')) continue
    const text = entry.isFile() ? await readFile(join(directory, entry.name), 'utf8') : ''
    if (isGenerated(text)) texts.set(entry.name, lineFeeds(text))
    else strangers.push(entry.isDirectory() ? `${entry.name}/` : entry.name)
  }
  const [first, ...others] = strangers.sort()
  if (first === undefined) return texts
  const more = others.length ? ` and ${others.length} more` : ''
  throw new Error(
    `${directory} holds what signalbox generate did not write (${first}${more}): give it a directory of its own.`
  )
}

async function entriesOf(directory: string): ReturnType<typeof readEntries> {
  try {
    return await readEntries(directory)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    const reason = code === 'ENOTDIR' ? 'it is no directory' : String(code)
    throw new Error(`${directory} cannot be read: ${reason}.`, { cause: error })
  }
}

function readEntries(directory: string) {
  return readdir(directory, { withFileTypes: true })
}

/** Git may have checked it out with the line ends of Windows. */
function lineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
