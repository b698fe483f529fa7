type Values = Readonly<Record<string, any>>

/** A query as a URL says it, with `?` in front; empty where nothing is asked. */
export function encodeQuery(query: object): string {
  const pairs = Object.entries(sayable(query as Values)).flatMap(([name, value]) => pairsOf(name, value))
  return pairs.length ? `?${pairs.join('&')}` : ''
}

/** What is empty is said as an empty text: a list without branches is refused for it. */
function pairsOf(name: string, value: unknown): string[] {
  const items = isObject(value) ? Object.entries(value) : []
  if (items.length) return items.flatMap(([key, item]) => pairsOf(`${name}[${key}]`, item))
  return [`${encodeURIComponent(name)}=${isObject(value) ? '' : encodeURIComponent(String(value))}`]
}

/** A URL has no empty list and no empty object: what they mean in a query is said in other words. */
function sayable(query: Values): Values {
  const said: Record<string, any> = {}
  let isImpossible = false
  for (const [field, condition] of Object.entries(query)) {
    if (field === '$or' || field === '$and') said[field] = condition.map(branch)
    else if (!isObject(condition)) said[field] = condition
    else {
      for (const [operator, operand] of Object.entries(condition)) {
        if (!isObject(operand) || Object.keys(operand).length) (said[field] ??= {})[operator] = operand
        else isImpossible ||= operator === '$in'
      }
    }
  }
  // No record has this id.
  if (isImpossible) said['$and'] = [...(said['$and'] ?? []), { id: '' }]
  return said
}

/** Every record has another id than this. */
function branch(query: Values): Values {
  const said = sayable(query)
  return Object.keys(said).length ? said : { id: { $ne: '' } }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
