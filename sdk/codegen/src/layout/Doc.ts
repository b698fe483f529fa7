/**
 * Text with the places at which it may be broken: a group is written on one line where it fits, else each of its own
 * lines is a new one. That is how Prettier lays text out, so that it has nothing to change in what is generated.
 */
export type Doc = string | readonly Doc[] | Group | Indent | Line | IfBroken

export interface Group {
  readonly kind: 'group'
  readonly of: Doc
  /** Its length on one line; infinite where there is a line in it that is always a new one. */
  readonly width: number
}

export interface Indent {
  readonly kind: 'indent'
  readonly of: Doc
}

export interface Line {
  readonly kind: 'line'
  /** What stands there where the line is not broken; undefined where it always is. */
  readonly flat: string | undefined
}

export interface IfBroken {
  readonly kind: 'ifBroken'
  readonly text: string
}

/** A new line, or a space. */
export const line: Doc = { kind: 'line', flat: ' ' }
/** A new line, or nothing. */
export const softLine: Doc = { kind: 'line', flat: '' }
/** A new line, which breaks every group that it stands in. */
export const hardLine: Doc = { kind: 'line', flat: undefined }

export function group(...of: readonly Doc[]): Doc {
  return { kind: 'group', of, width: widthOf(of) }
}

export function indent(...of: readonly Doc[]): Doc {
  return { kind: 'indent', of }
}

/** A text that is only there where its group is broken. */
export function ifBroken(text: string): Doc {
  return { kind: 'ifBroken', text }
}

export function join(separator: Doc, docs: readonly Doc[]): Doc {
  const joined: Doc[] = []
  for (const doc of docs) {
    if (joined.length) joined.push(separator)
    joined.push(doc)
  }
  return joined
}

function widthOf(doc: Doc): number {
  if (typeof doc === 'string') return doc.length
  if (!('kind' in doc)) {
    let width = 0
    for (const part of doc) width += widthOf(part)
    return width
  }
  switch (doc.kind) {
    case 'group':
      return doc.width
    case 'indent':
      return widthOf(doc.of)
    case 'line':
      return doc.flat?.length ?? Infinity
    case 'ifBroken':
      return 0
  }
}
