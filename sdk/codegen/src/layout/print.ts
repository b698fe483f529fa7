import type { Doc } from './Doc.ts'

const width = 110
const step = 2
/** The indent of what stands in a group that is on one line. */
const flat = -1

/** Lays a document out in lines of at most 110 characters, where that can be. */
export function print(doc: Doc): string {
  // What is still to be written, the next one last, and the indent of each. Two lists, since they are long.
  const docs: Doc[] = [doc]
  const indents: number[] = [0]
  let text = ''
  let column = 0
  // A space is written when something comes after it: no line ends with one.
  let isSpaced = false
  const write = (part: string): void => {
    if (part === '') return
    if (isSpaced) text += ' '
    isSpaced = part.endsWith(' ')
    text += isSpaced ? part.slice(0, -1) : part
    column += part.length
  }
  for (let doc = docs.pop(); doc !== undefined; doc = docs.pop()) {
    const indent = indents.pop() ?? 0
    if (typeof doc === 'string') write(doc)
    else if (!('kind' in doc)) {
      for (let index = doc.length - 1; index >= 0; index--) {
        docs.push(doc[index] ?? '')
        indents.push(indent)
      }
    } else if (doc.kind === 'ifBroken') write(indent === flat ? '' : doc.text)
    else if (doc.kind === 'line' && indent === flat) write(doc.flat ?? '')
    else if (doc.kind === 'line') {
      text += newLine(indent)
      column = indent
      isSpaced = false
    } else {
      const fits = doc.kind === 'group' && column + doc.width + following(docs, indents) <= width
      docs.push(doc.of)
      indents.push(indent === flat || fits ? flat : doc.kind === 'indent' ? indent + step : indent)
    }
  }
  return text
}

const newLines = new Map<number, string>()

function newLine(indent: number): string {
  const known = newLines.get(indent)
  if (known !== undefined) return known
  const made = `\n${' '.repeat(indent)}`
  newLines.set(indent, made)
  return made
}

/** The length of what comes next, up to where a new line may begin. */
function following(docs: readonly Doc[], indents: readonly number[]): number {
  let length = 0
  for (let index = docs.length - 1; index >= 0; index--) {
    const { width, ends } = measure(docs[index] ?? '', indents[index] === flat)
    length += width
    if (ends) break
  }
  return length
}

function measure(doc: Doc, isFlat: boolean): { readonly width: number; readonly ends: boolean } {
  if (typeof doc === 'string') return { width: doc.length, ends: false }
  if (!('kind' in doc)) {
    let width = 0
    for (const part of doc) {
      const measured = measure(part, isFlat)
      width += measured.width
      if (measured.ends) return { width, ends: true }
    }
    return { width, ends: false }
  }
  switch (doc.kind) {
    case 'line':
      return isFlat && doc.flat !== undefined
        ? { width: doc.flat.length, ends: false }
        : { width: 0, ends: true }
    case 'ifBroken':
      return { width: isFlat ? 0 : doc.text.length, ends: false }
    default:
      return measure(doc.of, isFlat)
  }
}
