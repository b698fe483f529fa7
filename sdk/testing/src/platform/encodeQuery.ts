/** A Feathers query as the REST door reads it: `{ name: { $in: ['a'] } }` is `?name[$in][0]=a`. */
export function encodeQuery(query: Readonly<Record<string, unknown>> = {}): string {
  const parameters = new URLSearchParams()
  const write = (name: string, value: unknown): void => {
    if (value === undefined) return
    if (typeof value !== 'object' || value === null)
      return parameters.append(name, `${value as string | number | boolean | null}`)
    for (const [key, inner] of Object.entries(value)) write(name === '' ? key : `${name}[${key}]`, inner)
  }
  write('', query)
  return parameters.size > 0 ? `?${parameters.toString()}` : ''
}
