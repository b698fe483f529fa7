import { createHash, randomBytes } from 'node:crypto'

/** Marks a key as one of ours wherever it turns up: in a configuration, or in what a scanner finds. */
const prefix = 'sbk_'

/** A new key: 256 random bits. */
export function createApiKey(): string {
  return prefix + randomBytes(32).toString('base64url')
}

/** Whether a bearer token has the form of a key and not of an access token. */
export function isApiKey(token: string): boolean {
  return token.startsWith(prefix) && token.length === prefix.length + 43
}

/** What is stored of a key. A random text of this length needs no slow hash. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

/** The beginning of a key, by which people tell one from another. */
export function beginningOf(key: string): string {
  return key.slice(0, prefix.length + 6)
}
