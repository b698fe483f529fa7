import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** `<session id>.<secret><seal>`: the seal tells a token that was once given out from one that somebody made up. */
const form = /^([0-9a-f-]{36})\.([\w-]{43})([\w-]{22})$/

/** The first refresh token of a session. */
export function firstRefreshToken(sessionId: string, key: Buffer): string {
  return assemble(sessionId, randomBytes(32).toString('base64url'), key)
}

/** The one that follows: derived, so that two that exchange the same token at once get the same one. */
export function nextRefreshToken(token: string, sessionId: string, key: Buffer): string {
  return assemble(sessionId, createHmac('sha256', key).update(token).digest('base64url'), key)
}

/** The session that a refresh token names; undefined for what has not the form of one. */
export function sessionOf(token: string): string | undefined {
  return form.exec(token)?.[1]
}

/** Whether this token was given out under this key, at whatever time. */
export function wasGivenOut(token: string, key: Buffer): boolean {
  const [, sessionId = '', secret = '', given = ''] = form.exec(token) ?? []
  const expected = Buffer.from(seal(sessionId, secret, key))
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), expected)
}

function assemble(sessionId: string, secret: string, key: Buffer): string {
  return `${sessionId}.${secret}${seal(sessionId, secret, key)}`
}

function seal(sessionId: string, secret: string, key: Buffer): string {
  const hmac = createHmac('sha256', key).update(`given out: ${sessionId}.${secret}`)
  return hmac.digest().subarray(0, 16).toString('base64url')
}
