type Values = Readonly<Record<string, any>>

/** A query as a URL says it, with `?` in front; empty where nothing is asked. */
export function encodeQuery(query: object): string {
  const pairs = Object.entries(sayable(query as Values)).flatMap(([name, value]) => pairsOf(name, value))
  return pairs.length ? `?${pairs.join('&')}` : ''
}

/** What is empty is said as an empty text; branches without conditions are refused for it. */
function pairsOf(name: string, value: unknown): string[] {
  const items = isObject(value) ? Object.entries(value) : []
  if (items.length) return items.flatMap(([key, item]) => pairsOf(`${name}[${key}]`, item))
  return [`${encodeURIComponent(name)}=${isObject(value) ? '' : encodeURIComponent(String(value))}`]
}

/** A URL has no empty list and no empty object: what they mean in a query is said in other words. */
function sayable(query: Values): Values {
  const said: Record<string, any> = {}
  for (const [field, condition] of Object.entries(query)) {
    if (field === '$or' || field === '$and') said[field] = condition.map(sayable)
    else if (!isObject(condition)) said[field] = condition
    else {
      for (const [operator, operand] of Object.entries(condition)) {
        const isEmpty = isObject(operand) && !Object.keys(operand).length
        if (!isEmpty) (said[field] ??= {})[operator] = operand
        // No record has this id.
        else if (operator === '$in') said['$and'] = [...(query['$and'] ?? []), { id: '' }]
      }
    }
  }
  return said
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
