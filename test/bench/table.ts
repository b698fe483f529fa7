import { median } from './measure.ts'
import type { Row } from './Row.ts'

const head = ['What', 'Median', 'Spread', 'Allowed', 'Kept']

/** The rows as one Markdown table: of each the median, the least and the most of its rounds, and what is allowed. */
export function table(rows: readonly Row[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map(cells)]
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('')
}

/** Whether the median is what is allowed; true where nothing is said. */
export function isKept({ values, allowed }: Row): boolean {
  if (allowed === undefined) return true
  return 'atMost' in allowed ? median(values) <= allowed.atMost : median(values) >= allowed.atLeast
}

function cells(row: Row): string[] {
  const { what, values, unit, allowed } = row
  const spread = `${text(Math.min(...values))} – ${text(Math.max(...values))} (${values.length})`
  return [
    what,
    `${text(median(values))} ${unit}`,
    spread,
    limit(row),
    allowed ? (isKept(row) ? 'yes' : '**no**') : ''
  ]
}

function limit({ allowed, unit }: Row): string {
  if (allowed === undefined) return ''
  return 'atMost' in allowed ? `≤ ${allowed.atMost} ${unit}` : `≥ ${allowed.atLeast} ${unit}`
}

/** Three digits say all that a measurement knows. */
function text(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(value < 10 ? 2 : 3)))
}
