import { encodeCursor, type Window } from './decodeWindow.ts'
import type { Row } from './RowCodec.ts'

/** An answered list: its body in the form that was asked for, and what the REST door says in headers. */
export interface ListAnswer {
  readonly body: Row[] | FeathersPage | NumberedPage
  /** The number of all matching records, where it is known without a count of its own. */
  readonly total?: number
  /** The cursor of the next part, where the list was cut off. */
  readonly next?: string
}

export interface FeathersPage {
  readonly total: number | null
  readonly limit: number
  readonly skip: number
  readonly data: Row[]
}

export interface NumberedPage {
  readonly items: Row[]
  readonly page: number
  readonly limit: number
  readonly total: number | null
}

export interface ListSource {
  rows(limit: number): Promise<Row[]>
  count(): Promise<number>
}

/** Answers a list in the form its window asks for: an array, Feathers' envelope or a numbered page. */
export async function answerForm(window: Window, source: ListSource): Promise<ListAnswer> {
  const { form, limit, skip, page } = window
  if (form === 'list') {
    const rows = await source.rows(limit + 1)
    if (rows.length <= limit) return { body: rows, ...(!window.after && { total: rows.length }) }
    const body = rows.slice(0, limit)
    return { body, next: cursorAfter(body.at(-1) as Row, window) }
  }
  const rows = limit === 0 ? [] : await source.rows(limit)
  const total = window.total ? await source.count() : null
  const last = rows.length === limit && rows.at(-1)
  const body = form === 'page' ? { items: rows, page, limit, total } : { total, limit, skip, data: rows }
  return { body, ...(last && { next: cursorAfter(last, window) }) }
}

/** Answers a list that is held in memory; it is already filtered and sorted. */
export function answerFromMemory(window: Window, rows: readonly Row[]): Promise<ListAnswer> {
  return answerForm(window, {
    rows: async (limit) => rows.slice(window.skip, window.skip + limit),
    count: async () => rows.length
  })
}

function cursorAfter(row: Row, { sort }: Window): string {
  return encodeCursor(sort.map(([field]) => row[field] ?? null))
}
