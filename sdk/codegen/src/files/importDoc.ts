import { group, indent, join, line, type Doc } from '../layout/Doc.ts'
import { quoted } from '../names/words.ts'
import type { ImportExtension } from './GeneratedFile.ts'

/** An import of these names. */
export function importDoc(from: string, names: readonly string[], { isType = false } = {}): Doc {
  const list = group('{', indent(line, join([',', line], names)), line, '}')
  return [isType ? 'import type ' : 'import ', list, ' from ', quoted(from)]
}

/** The path of another file of the client. */
export function relativePath(file: string, extension: ImportExtension): string {
  return extension === 'none' ? `./${file}` : `./${file}.${extension}`
}
