import { isPassing, persist } from '../http/persist.ts'
import type { Wire } from '../http/Wire.ts'
import { withDeadline } from '../http/withDeadline.ts'
import type { Tokens, TokenStore } from './TokenStore.ts'

/** What proves who calls. */
export interface TokenSource {
  /** The token of now; undefined where nobody is signed in. */
  token(): Promise<string | undefined>
  /** A token in the place of one that was refused; undefined where the session is over. */
  refresh(refused: string): Promise<string | undefined>
  keep(tokens: Tokens | undefined): Promise<void>
}

export interface TokenOptions {
  readonly wire: Wire
  readonly store: TokenStore
  readonly apiKey: string | undefined
  readonly timeoutMs: number
  readonly closing: AbortSignal
  /** Hears whose session it is at each refresh, and undefined when it is over. */
  readonly onUser: (user: unknown) => void
}

/**
 * How long one exchange of a refresh token may take. The platform gives the same next token for ten seconds, so a
 * question whose answer was lost is asked again before they are over.
 */
const exchangeMs = 4000

/** Keeps the tokens of the session, or the key; one refresh at a time serves all who need it. */
export function keepTokens({ wire, store, apiKey, timeoutMs, closing, onUser }: TokenOptions): TokenSource {
  let refreshing: Promise<string | undefined> | undefined

  const exchange = ({ refreshToken }: Tokens): Promise<Tokens & { readonly user: unknown }> => {
    const what = 'refresh'
    const request = { method: 'POST', path: '/auth/refresh', body: { refreshToken } } as const
    return withDeadline({ timeoutMs, signals: [closing], what }, (deadline) =>
      persist(deadline, async () => {
        const options = { timeoutMs: exchangeMs, signals: [deadline.signal], what }
        return (await withDeadline(options, ({ signal }) => wire(request, undefined, signal))).body
      })
    )
  }
  const renew = async (refused: string): Promise<string | undefined> => {
    const held = await store.get()
    // Another tab may have been faster.
    if (held?.accessToken !== refused) return held?.accessToken
    const next = await exchange(held).catch((error: unknown) => {
      if (isPassing(error)) throw error
    })
    // Somebody may have signed in or out meanwhile, here or in another tab.
    if ((await store.get())?.refreshToken !== held.refreshToken) return source.token()
    await source.keep(next || undefined)
    onUser(next?.user)
    return next?.accessToken
  }
  const source: TokenSource = {
    token: async () => apiKey ?? (await store.get())?.accessToken,
    refresh: (refused) => (refreshing ??= renew(refused).finally(() => (refreshing = undefined))),
    keep: async (tokens) => {
      await store.set(tokens && { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken })
    }
  }
  return source
}
