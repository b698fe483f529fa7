import type { GeneratedFile } from './GeneratedFile.ts'

const mark = '// Made by signalbox generate'

/** A file of these pieces, under the lines by which it is known as one of ours. */
export function fileOf(name: string, hash: string, pieces: readonly string[]): GeneratedFile {
  const head = `${mark} from manifest ${hash}; do not edit.\n/* eslint-disable */\n`
  return { name, text: `${head}${pieces.join('\n\n')}\n` }
}

/** Whether a text is that of a file that was generated, by whatever version. */
export function isGenerated(text: string): boolean {
  return text.startsWith(mark)
}
