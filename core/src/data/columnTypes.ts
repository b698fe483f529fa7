import { type CustomTypesConfig, types } from 'pg'

/** Not among the types that `pg` names. */
const INT8_ARRAY = 1016

/** `{1,NULL,{2}}` is JSON but for its braces and its nulls, as long as its items are numbers. */
function parseInt8Array(text: string): unknown {
  return JSON.parse(text.replaceAll('{', '[').replaceAll('}', ']').replaceAll('NULL', 'null'))
}

const parsers = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, Number],
  [INT8_ARRAY, parseInt8Array],
  [types.builtins.DATE, String]
])

/**
 * How columns become JavaScript values, given to each pool so that no other user of `pg` in the process is
 * affected: `int8` (and so `count(*)`) is a number, exact up to 2^53; `timestamptz` is a `Date`; `date` stays
 * the text `YYYY-MM-DD`, because a `Date` of it would depend on the host's time zone; `numeric` stays text.
 */
export const columnTypes: CustomTypesConfig = {
  getTypeParser(oid, format) {
    const parser = format === 'binary' ? undefined : parsers.get(oid)
    return parser ?? types.getTypeParser(oid, format)
  }
}
