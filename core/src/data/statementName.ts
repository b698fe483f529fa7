/** A connection never forgets a statement that it has prepared, so there is an end to them. */
const most = 500

const names = new Map<string, string>()

/**
 * The name under which connections prepare a statement, so that Postgres parses and plans it once for each connection.
 * For texts of which there are few; undefined, which is a statement without a name, when there are too many after all.
 */
export function statementName(sql: string): string | undefined {
  const known = names.get(sql)
  if (known !== undefined || names.size >= most) return known
  const name = `signalbox_${names.size}`
  names.set(sql, name)
  return name
}
