import { isTime, order } from './order.ts'

type Values = Readonly<Record<string, unknown>>
/** Undefined is: only the database can tell. */
type Verdict = boolean | undefined

/** Whether a record is one that a query asks for, exactly as the platform’s SQL has it. */
export function matches(record: Values, query: Values): Verdict {
  return every(Object.entries(query), ([name, condition]) => {
    if (/^(\$(sort|limit|skip)|search)$/.test(name)) return true
    if (name === '$and') return every(condition as Values[], (branch) => matches(record, branch))
    if (name === '$or') return some(condition as Values[], (branch) => matches(record, branch))
    // An alias of a field, or one that is not stored.
    return name in record ? fits(record[name], condition) : undefined
  })
}

function fits(value: unknown, condition: unknown): Verdict {
  if (typeof condition !== 'object' || condition === null) return test(value, '$eq', condition)
  return every(Object.entries(condition), ([operator, operand]) => test(value, operator, operand))
}

function test(value: unknown, operator: string, operand: unknown): Verdict {
  const operands = [operand].flat()
  // In a URL it is null for a field that may be null, and a text for one that may not.
  if (operands.includes('null')) return undefined
  const isNull = value === null
  const isNegated = operator === '$ne' || operator === '$nin'
  if (operand === null) return operator === '$eq' ? isNull : operator === '$ne' ? !isNull : undefined
  if (Array.isArray(value)) {
    // A list field matches what it contains.
    const contains = some(operands, (item) => some(value, (one) => equals(one, item)))
    return isNegated ? not(contains) : contains
  }
  if (isNull) return isNegated
  // In SQL nothing is known not to be among values of which one is null.
  if (isNegated) return every(operands, (item) => item !== null && not(equals(value, item)))
  if (operator === '$eq' || operator === '$in') return some(operands, (item) => equals(value, item))
  return compare(value, operator, operand)
}

/** As the operand arrives in a URL: as a text, read as the field’s type. */
function equals(value: unknown, operand: unknown): Verdict {
  if (value === null || operand === null) return value === operand
  if (typeof value === 'number') return value === Number(operand)
  const text = String(operand as string | number | boolean)
  if (typeof value === 'boolean') return String(value) === text
  if (typeof value !== 'string') return undefined
  if (!isTime(value)) return value === text
  // A time may be told in many ways, and is kept finer than it is told.
  return Date.parse(value) === Date.parse(text) ? undefined : false
}

function compare(value: unknown, operator: string, operand: unknown): Verdict {
  const difference = order(value, typeof value === 'number' ? Number(operand) : operand)
  if (difference === undefined) return undefined
  const verdicts: Readonly<Record<string, boolean>> = {
    $gt: difference > 0,
    $gte: difference >= 0,
    $lt: difference < 0,
    $lte: difference <= 0
  }
  return verdicts[operator]
}

function not(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict
}

function every<T>(items: readonly T[], judge: (item: T) => Verdict): Verdict {
  let verdict: Verdict = true
  for (const item of items) {
    const one = judge(item)
    if (one === false) return false
    verdict = one && verdict
  }
  return verdict
}

function some<T>(items: readonly T[], judge: (item: T) => Verdict): Verdict {
  return not(every(items, (item) => not(judge(item))))
}
