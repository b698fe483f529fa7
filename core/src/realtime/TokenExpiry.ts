import type { Caller } from '@signalbox/plugin'
import type { Socket } from 'socket.io'
import { cutSocket } from './cutSocket.ts'
import { DeadlineWheel } from './DeadlineWheel.ts'

/** The longest time before the end of a token at which its socket is told. */
const noticeMs = 60_000

interface Watched {
  readonly socket: Socket
  readonly expiresAt: number
  next: 'tell' | 'cut'
}

/**
 * Sees that no socket outlives its token by more than the grace period. It is told before, with `auth:expiring`, and
 * may be given a new token. The socket of a key has no grace: nothing renews a key.
 */
export class TokenExpiry {
  readonly #graceMs: number
  readonly #wheel: DeadlineWheel<Watched>
  readonly #watched = new Map<Socket, Watched>()

  constructor({ graceSeconds }: { readonly graceSeconds: number }) {
    this.#graceMs = graceSeconds * 1000
    this.#wheel = new DeadlineWheel({ due: (watched) => this.#act(watched) })
  }

  /** Watches a socket whose token is good until `exp`, in seconds since 1970; null is for ever. */
  watch(socket: Socket, { keyId, exp }: Pick<Caller, 'keyId'> & { readonly exp?: number | null }): void {
    this.forget(socket)
    if (typeof exp !== 'number') return
    const expiresAt = exp * 1000
    const watched: Watched = { socket, expiresAt, next: keyId === undefined ? 'tell' : 'cut' }
    const notice = keyId === undefined ? Math.min(noticeMs, (expiresAt - Date.now()) / 3) : 0
    this.#watched.set(socket, watched)
    this.#wheel.set(watched, expiresAt - notice)
  }

  /** The socket is gone. */
  forget(socket: Socket): void {
    const watched = this.#watched.get(socket)
    if (watched) this.#wheel.delete(watched)
    this.#watched.delete(socket)
  }

  close(): void {
    this.#wheel.close()
  }

  #act(watched: Watched): void {
    const { socket, expiresAt, next } = watched
    if (next === 'cut') return cutSocket(socket, 'The access token has run out.')
    watched.next = 'cut'
    this.#wheel.set(watched, expiresAt + this.#graceMs)
    socket.emit('auth:expiring', { expiresAt: new Date(expiresAt).toISOString() })
  }
}
