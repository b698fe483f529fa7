import type { Caller } from '@signalbox/plugin'
import { DeadlineWheel } from './DeadlineWheel.ts'

export interface TokenExpiryOptions<Peer> {
  /** How long a connection outlives its access token. */
  readonly graceSeconds: number
  /** Tells a peer that its token runs out at this time, in ISO 8601. */
  readonly onNotice: (peer: Peer, expiresAt: string) => void
  /** Cuts a peer: nothing renewed its token. */
  readonly onEnd: (peer: Peer) => void
}

/** The longest time before the end of a token at which its peer is told. */
const noticeMs = 60_000

interface Watched<Peer> {
  readonly peer: Peer
  readonly expiresAt: number
  next: 'tell' | 'cut'
}

/**
 * Sees that no connection outlives its token by more than the grace period. Its peer is told before, and may give a
 * new token. The connection of a key has no grace: nothing renews a key.
 */
export class TokenExpiry<Peer extends object> {
  readonly #options: TokenExpiryOptions<Peer>
  readonly #wheel: DeadlineWheel<Watched<Peer>>
  readonly #watched = new Map<Peer, Watched<Peer>>()

  constructor(options: TokenExpiryOptions<Peer>) {
    this.#options = options
    this.#wheel = new DeadlineWheel({ due: (watched) => this.#act(watched) })
  }

  /** Watches a peer whose token is good until `exp`, in seconds since 1970; null, or none, is for ever. */
  watch(peer: Peer, { keyId, exp }: Pick<Caller, 'keyId'> & { readonly exp?: number | null }): void {
    this.forget(peer)
    if (typeof exp !== 'number') return
    const expiresAt = exp * 1000
    const watched: Watched<Peer> = { peer, expiresAt, next: keyId === undefined ? 'tell' : 'cut' }
    const notice = keyId === undefined ? Math.min(noticeMs, (expiresAt - Date.now()) / 3) : 0
    this.#watched.set(peer, watched)
    this.#wheel.set(watched, expiresAt - notice)
  }

  /** The peer is gone. */
  forget(peer: Peer): void {
    const watched = this.#watched.get(peer)
    if (watched) this.#wheel.delete(watched)
    this.#watched.delete(peer)
  }

  close(): void {
    this.#wheel.close()
  }

  #act(watched: Watched<Peer>): void {
    const { peer, expiresAt, next } = watched
    if (next === 'cut') return this.#options.onEnd(peer)
    watched.next = 'cut'
    this.#wheel.set(watched, expiresAt + this.#options.graceSeconds * 1000)
    this.#options.onNotice(peer, new Date(expiresAt).toISOString())
  }
}
