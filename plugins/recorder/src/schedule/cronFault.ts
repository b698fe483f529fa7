import { CronPattern } from 'croner'

const number = String.raw`\d{1,2}`
const month = `(?:${number}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`
const weekday = `(?:${number}|sun|mon|tue|wed|thu|fri|sat)`

const fields = [
  { name: 'second', item: stepped(number) },
  { name: 'minute', item: stepped(number) },
  { name: 'hour', item: stepped(number) },
  { name: 'day of month', item: `L|${stepped(number)}` },
  { name: 'month', item: stepped(month) },
  { name: 'day of week', item: `${weekday}(?:-${weekday})?#[1-5L]|${stepped(weekday)}` }
].map(({ name, item }) => ({ name, grammar: new RegExp(`^(?:${item})(?:,(?:${item}))*$`, 'i') }))

function stepped(value: string) {
  return String.raw`(?:\*|${value}(?:-${value})?)(?:/\d{1,2})?`
}

/**
 * Why `pattern` is no cron, as a sentence that names the field, or undefined when it is one. A cron has five fields
 * (minute, hour, day of month, month, day of week) or six (second first), each a list of `*`, values, ranges and
 * steps; months and weekdays have English names; `L` is the last day of the month, `MON#2` its second Monday,
 * `MON#L` its last. As in every cron, a day of month and a day of week that are both given are alternatives.
 */
export function cronFault(pattern: string): string | undefined {
  const parts = pattern.trim().split(/\s+/)
  if (parts.length < 5 || parts.length > 6) {
    return `"${pattern}" is no cron: it has five fields, or six with seconds first`
  }
  if (parts.length === 5) parts.unshift('0')

  if (parts.every((part, index) => fields[index]?.grammar.test(part)) && parses(parts)) return undefined
  const at = parts.findIndex((part, index) => !fields[index]?.grammar.test(part) || !parsesAlone(part, index))
  return `"${pattern}" is no cron: "${parts[at]}" is no ${fields[at]?.name}`
}

/** croner alone would read `5x` as 5 and `5L` as 5: the grammar keeps those out, croner knows what is in range. */
function parses(parts: readonly string[]) {
  try {
    return Boolean(new CronPattern(parts.join(' ')))
  } catch {
    return false
  }
}

function parsesAlone(part: string, index: number) {
  return parses(fields.map((_, other) => (other === index ? part : '*')))
}
