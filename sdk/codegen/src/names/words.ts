/** `api-keys` → `ApiKeys`, `job:started` → `JobStarted`. */
export function pascal(text: string): string {
  const name = text
    .split(/[^\p{ID_Continue}]+|_+/u)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
  return /^\p{ID_Start}/u.test(name) ? name : `_${name}`
}

/** `api-keys` → `apiKeys`, `coaster/modules` → `coasterModules`. */
export function camel(text: string): string {
  const name = pascal(text)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** A name as the key of an object: as it is, or in quotes. */
export function propertyKey(name: string): string {
  return /^[a-z_$][\w$]*$/i.test(name) ? name : quoted(name)
}

/** A text as a literal, in the quotes that take fewer escapes. */
export function quoted(text: string): string {
  const json = JSON.stringify(text)
  const count = (quote: string): number => text.split(quote).length - 1
  if (count("'") > count('"')) return json
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
