import { AuthenticationBaseStrategy, type AuthenticationRequest } from '@feathersjs/authentication'
import type { Params } from '@feathersjs/feathers'
import { invalidField, PlatformError, type Origin } from '@signalbox/plugin'
import type { Identity } from './Identity.ts'

/** Feathers' `local` strategy: `{ strategy: 'local', email, password }`. */
export class LocalStrategy extends AuthenticationBaseStrategy {
  readonly #identity: Identity

  constructor(identity: Identity) {
    super()
    this.#identity = identity
  }

  async authenticate(request: AuthenticationRequest, params: Params) {
    const { email, username, password } = request as Record<string, unknown>
    if (typeof password !== 'string') throw invalidField('password', 'is required')
    const answer = await this.#identity.logIn(
      { email: text(email), username: text(username), password },
      originOf(params)
    )
    return { ...answer, authentication: { strategy: 'local' } }
  }
}

/** Feathers' `jwt` strategy: `{ strategy: 'jwt', accessToken }` answers the same token while it is good. */
export class JwtStrategy extends AuthenticationBaseStrategy {
  readonly #identity: Identity

  constructor(identity: Identity) {
    super()
    this.#identity = identity
  }

  async authenticate(request: AuthenticationRequest) {
    const accessToken = text(request['accessToken'])
    const { valid, user, exp } = await this.#identity.verify(accessToken)
    if (!valid) throw new PlatformError('unauthorized', 'This access token is not valid.')
    return { accessToken, user, authentication: { strategy: 'jwt', payload: { exp } } }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function originOf(params: Params): Origin {
  return (params as { origin?: Origin }).origin ?? { provider: undefined }
}
