/**
 * Which of two values comes first in `order by … asc`: negative, zero or positive, null last. Undefined where only the
 * database can tell: the order of texts is its collation’s business, and it keeps times finer than it tells them.
 */
export function order(one: unknown, other: unknown): number | undefined {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  if (typeof one === 'string' && typeof other === 'string') return orderTexts(one, other)
  if (typeof one !== typeof other || (typeof one !== 'number' && typeof one !== 'boolean')) return undefined
  return Number(one) - Number(other)
}

/**
 * Texts of one shape that first differ where one has a digit: every collation has digits in their order and before
 * letters, and here nothing else can matter. So are times and most ids.
 */
function orderTexts(one: string, other: string): number | undefined {
  if (one === other) return isTime(one) ? undefined : 0
  if (shapeOf(one) !== shapeOf(other)) return undefined
  let place = 0
  while (one[place] === other[place]) place++
  return /\d/.test(`${one[place]}${other[place]}`) ? (one < other ? -1 : 1) : undefined
}

function shapeOf(text: string): string {
  return text.replace(/[\da-f]/g, '0')
}

/** Whether a text is a time as the platform writes it. */
export function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/.test(text)
}
