import { readFile } from 'node:fs/promises'

/** A fenced block of a Markdown file. */
export interface Block {
  readonly language: string
  /** What stands behind the language: `run`, `file=watch.ts`. */
  readonly note: string
  readonly text: string
}

/** The fenced blocks of a Markdown file, in order. */
export async function blocksOf(file: string): Promise<Block[]> {
  const markdown = await readFile(file, 'utf8')
  const fences = markdown.matchAll(/^```(\w*) ?(.*)\n([^]*?)^```$/gm)
  return [...fences].map(([, language = '', note = '', text = '']) => ({ language, note, text }))
}
