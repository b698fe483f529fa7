import { byText } from './byText.ts'

/** JSON whose bytes depend on the value alone: the keys of every object are sorted. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(byText(([key]) => key)))
  })
}
