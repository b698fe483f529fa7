import type { Doc } from './Doc.ts'

const width = 110
/** The indent of what stands in a group that is on one line. */
const flat = undefined
type Indentation = string | typeof flat

/** Lays a document out in lines of at most 110 characters, where that can be; none of them ends with a space. */
export function print(doc: Doc): string {
  // What is still to be written, the next one last, and the indentation of each. Two lists, since they are long.
  const docs: Doc[] = [doc]
  const indents: Indentation[] = ['']
  const lines: string[] = []
  let current = ''
  for (let next = docs.pop(); next !== undefined; next = docs.pop()) {
    const indent = indents.pop()
    if (typeof next === 'string') current += next
    else if (!('kind' in next)) {
      for (let index = next.length - 1; index >= 0; index--) {
        docs.push(next[index] ?? '')
        indents.push(indent)
      }
    } else if (next.kind === 'ifBroken') current += indent === flat ? '' : next.text
    else if (next.kind === 'line' && indent === flat) current += next.flat ?? ''
    else if (next.kind === 'line') {
      lines.push(current.trimEnd())
      current = indent ?? ''
    } else {
      const isFlat =
        indent === flat || (next.kind === 'group' && fits(current.length + next.width, docs, indents))
      docs.push(next.of)
      indents.push(isFlat ? flat : next.kind === 'indent' ? `${indent}  ` : indent)
    }
  }
  return [...lines, current].join('\n')
}

/** Whether so many columns leave room for what comes next, up to where a new line may begin. */
function fits(columns: number, docs: readonly Doc[], indents: readonly Indentation[]): boolean {
  const ahead: Ahead = { columns, ends: false }
  for (let index = docs.length - 1; index >= 0 && !ahead.ends; index--) {
    lookAhead(docs[index] ?? '', indents[index] === flat, ahead)
  }
  return ahead.columns <= width
}

interface Ahead {
  columns: number
  /** Whether a new line may begin here. */
  ends: boolean
}

function lookAhead(doc: Doc, isFlat: boolean, ahead: Ahead): void {
  if (typeof doc === 'string') ahead.columns += doc.length
  else if (!('kind' in doc)) {
    for (const part of doc) if (!ahead.ends) lookAhead(part, isFlat, ahead)
  } else if (doc.kind === 'line') {
    ahead.ends = !isFlat || doc.flat === undefined
    ahead.columns += ahead.ends ? 0 : (doc.flat?.length ?? 0)
  } else if (doc.kind === 'ifBroken') ahead.columns += isFlat ? 0 : doc.text.length
  else lookAhead(doc.of, isFlat, ahead)
}
