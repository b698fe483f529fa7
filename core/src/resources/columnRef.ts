import type { Column } from './tableLayout.ts'

export function columnRef({ side, column }: Column): string {
  return `${side === undefined ? 'r' : `s${side}`}.${quote(column)}`
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
