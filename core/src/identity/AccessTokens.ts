import { AuthenticationService } from '@feathersjs/authentication'
import type { Application } from '@feathersjs/feathers'
import { LRUCache } from 'lru-cache'
import type { Session } from './Sessions.ts'

/** What an access token says: who, in which session, until when (seconds since 1970). */
export interface AccessTokenPayload {
  readonly sub: string
  readonly sid: string
  readonly exp: number
}

export interface AccessTokenOptions {
  readonly app: Application
  readonly secret: string
  readonly lifetimeSeconds: number
}

/** Makes and checks access tokens, through Feathers' own authentication service. */
export class AccessTokens {
  readonly service: AuthenticationService
  readonly lifetimeSeconds: number
  readonly #checked = new LRUCache<string, AccessTokenPayload>({ max: 20_000 })

  constructor({ app, secret, lifetimeSeconds }: AccessTokenOptions) {
    this.lifetimeSeconds = lifetimeSeconds
    this.service = new AuthenticationService(app, 'authentication', {
      secret,
      entity: null,
      authStrategies: ['local', 'jwt'],
      jwtOptions: {
        header: { typ: 'access' },
        audience: 'signalbox',
        issuer: 'signalbox',
        algorithm: 'HS256'
      }
    })
  }

  /** A token of a session, which it does not outlive. */
  async create({
    id,
    userId,
    expiresAt
  }: Session): Promise<{ readonly accessToken: string; readonly expiresIn: number }> {
    const left = Math.ceil((expiresAt - Date.now()) / 1000)
    const expiresIn = Math.max(1, Math.min(this.lifetimeSeconds, left))
    return {
      accessToken: await this.service.createAccessToken({ sub: userId, sid: id }, { expiresIn }),
      expiresIn
    }
  }

  /** What a good token says; undefined for one that is forged, malformed or out of time. */
  async read(token: string): Promise<AccessTokenPayload | undefined> {
    const known = this.#checked.get(token)
    if (known) return known.exp * 1000 > Date.now() ? known : undefined
    if (token.length > 2048) return undefined
    try {
      const payload = (await this.service.verifyAccessToken(token)) as Partial<AccessTokenPayload>
      if (!payload.sub || !payload.sid || !payload.exp) return undefined
      const read = { sub: payload.sub, sid: payload.sid, exp: payload.exp }
      this.#checked.set(token, read)
      return read
    } catch {
      return undefined
    }
  }
}
