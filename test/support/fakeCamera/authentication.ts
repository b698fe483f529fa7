import { createHash, randomBytes } from 'node:crypto'

/** Who may look. */
export interface Login {
  username: string
  password: string
}

/** Digest with MD5 (RFC 2617, RFC 7616), or Basic. */
export type Scheme = 'digest' | 'basic'

/** The lock of a camera; RTSP and HTTP share it. */
export interface Authentication {
  /** What a refused player is told: the value of `WWW-Authenticate`. */
  challenge: string
  /** Whether a request with this `Authorization` may pass. */
  admits(method: string, authorization: string | undefined): boolean
}

export interface AuthenticationOptions {
  /** Without one everybody is admitted. */
  login?: Login | undefined
  scheme?: Scheme
  /** Whether Digest asks for `qop="auth"`, as newer cameras do. */
  qop?: boolean
}

const REALM = 'Fake camera'

/** A lock that asks for one scheme and takes no other. Its nonce lasts as long as it does. */
export function createAuthentication({
  login,
  scheme = 'digest',
  qop = false
}: AuthenticationOptions = {}): Authentication {
  const nonce = randomBytes(16).toString('hex')
  if (scheme === 'basic') {
    return {
      challenge: `Basic realm="${REALM}"`,
      admits: (_method, authorization) => !login || authorization === basic(login)
    }
  }
  return {
    challenge: `Digest realm="${REALM}", nonce="${nonce}", algorithm=MD5${qop ? ', qop="auth"' : ''}`,
    admits(method, authorization) {
      if (!login) return true
      if (!authorization?.startsWith('Digest ')) return false
      const given = parseParameters(authorization)
      if (given['nonce'] !== nonce || given['username'] !== login.username) return false
      if (qop && given['qop'] !== 'auth') return false
      return given['response'] === digest({ login, method, given })
    }
  }
}

function basic({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

type Parameters = Record<string, string>

function digest({ login, method, given }: { login: Login; method: string; given: Parameters }): string {
  const { nonce, uri, nc, cnonce, qop } = given
  const who = md5(`${login.username}:${REALM}:${login.password}`)
  const what = md5(`${method}:${uri}`)
  return md5(qop ? `${who}:${nonce}:${nc}:${cnonce}:${qop}:${what}` : `${who}:${nonce}:${what}`)
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

function parseParameters(authorization: string): Parameters {
  const pairs = authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)
  return Object.fromEntries([...pairs].map(([, name, quoted, bare]) => [name, quoted ?? bare]))
}
