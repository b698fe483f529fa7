import { listeners } from '../events/listeners.ts'
import type { Http } from '../http/Http.ts'
import type { CallOptions } from '../ResourceClient.ts'
import { isSignalboxError } from '../SignalboxError.ts'
import type { TokenSource } from './keepTokens.ts'
import type { Credentials, Session } from './Session.ts'
import type { Tokens } from './TokenStore.ts'

/** The session, and what begins and ends it. */
export interface OpenSession<U> {
  readonly session: Session<U>
  /** Takes in who is signed in. */
  know(user: U | undefined): void
  signIn(credentials: Credentials, options?: CallOptions): Promise<U>
  signOut(options?: CallOptions): Promise<void>
}

export interface SessionOptions {
  readonly http: Http
  readonly tokens: TokenSource
  /** Somebody signed in or out. */
  readonly onTurn: () => void
}

export function openSession<U>({ http, tokens, onTurn }: SessionOptions): OpenSession<U> {
  const changes = listeners<U | undefined>()
  const session = {
    user: undefined as U | undefined,
    onChange: changes.add,
    load: async (options?: CallOptions) => {
      const isSignedIn = (await tokens.token()) !== undefined
      const request = { method: 'GET', path: '/auth/me' } as const
      const { body } = isSignedIn
        ? await http(request, options).catch(unlessUnauthorized)
        : { body: undefined }
      know(body)
      return body as U | undefined
    }
  }
  const know = (user: U | undefined): void => {
    session.user = user
    changes.tell(user)
  }
  const turn = async (answer?: Tokens & { readonly user: U }): Promise<void> => {
    await tokens.keep(answer)
    know(answer?.user)
    onTurn()
  }
  return {
    session,
    know,
    async signIn(credentials, options) {
      const request = { method: 'POST', path: '/auth/login', body: credentials, open: true } as const
      const { body } = await http(request, options)
      await turn(body)
      return body.user
    },
    async signOut(options) {
      try {
        await http({ method: 'POST', path: '/auth/logout' }, options).catch(unlessUnauthorized)
      } finally {
        await turn()
      }
    }
  }
}

function unlessUnauthorized(error: unknown): { readonly body: undefined } {
  if (isSignalboxError(error, 'unauthorized')) return { body: undefined }
  throw error
}
