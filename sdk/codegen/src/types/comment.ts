import { hardLine, type Doc } from '../layout/Doc.ts'
import type { JsonSchema } from '../manifest/JsonSchema.ts'

const width = 100

/** TSDoc above a declaration, with the new line after it; nothing where nothing is said. */
export function comment(...paragraphs: readonly (string | undefined)[]): Doc {
  const lines: string[] = []
  for (const paragraph of paragraphs) if (paragraph !== undefined) lines.push(...linesOf(paragraph))
  const [only] = lines
  if (only === undefined) return ''
  if (lines.length === 1) return [`/** ${only} */`, hardLine]
  return ['/**', ...lines.flatMap((line) => [hardLine, ` * ${line}`]), hardLine, ' */', hardLine]
}

function linesOf(paragraph: string): readonly string[] {
  if (paragraph.length <= width && !/[*\n]/.test(paragraph)) return paragraph.trim() ? [paragraph.trim()] : []
  return paragraph
    .replaceAll('*/', '*\\/')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap(wrap)
}

/** What is to be said of a value of this schema, beside its type. `isSent` where somebody may leave it out. */
export function remarks(
  schema: JsonSchema,
  { isSent }: { readonly isSent: boolean }
): (string | undefined)[] {
  const { description, default: value, deprecated } = schema
  return [
    description ?? (isDateTime(schema) ? 'ISO 8601' : undefined),
    isSent && value !== undefined ? `@default ${JSON.stringify(value)}` : undefined,
    deprecated ? '@deprecated' : undefined
  ]
}

function isDateTime({ format, anyOf = [] }: JsonSchema): boolean {
  return format === 'date-time' || anyOf.some(isDateTime)
}

function wrap(text: string): readonly string[] {
  if (text.length <= width) return [text]
  const lines: string[] = []
  let current = ''
  for (const word of text.split(/\s+/)) {
    if (current !== '' && current.length + word.length >= width) {
      lines.push(current)
      current = ''
    }
    current += current === '' ? word : ` ${word}`
  }
  return [...lines, current]
}
