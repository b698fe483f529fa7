/** What a session is proved with. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

/**
 * Where the tokens are kept. It is asked before each call, so that tabs that share one share a session.
 *
 * @example
 * const session: TokenStore = {
 *   get: () => JSON.parse(localStorage.getItem('signalbox') ?? 'null') ?? undefined,
 *   set: (tokens) => localStorage.setItem('signalbox', JSON.stringify(tokens ?? null))
 * }
 */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>
  /** Undefined when the session is over. */
  set(tokens: Tokens | undefined): unknown
}

/** Keeps the tokens as long as the client lives. */
export function memoryStore(): TokenStore {
  let held: Tokens | undefined
  return { get: () => held, set: (tokens) => (held = tokens) }
}
