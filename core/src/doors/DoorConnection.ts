import type { Caller, DoorSocket, Logger } from '@signalbox/plugin'
import { v7 as uuid } from 'uuid'
import type { RawData, WebSocket } from 'ws'

export interface DoorConnectionOptions {
  readonly peer: WebSocket
  readonly log: Logger
  readonly unsentLimit: number
  /** Who holds this access token, or comes without one. */
  readonly callerOf: (token: string | undefined) => Promise<Caller | undefined>
  readonly onSignIn: (caller: Caller) => void
  readonly onSkip: () => void
}

/** One peer at a door, as the plugin sees it. */
export class DoorConnection implements DoorSocket {
  readonly id = uuid()
  readonly #options: DoorConnectionOptions
  readonly #onRights: ((caller: Caller) => void | Promise<void>)[] = []
  readonly #onExpiring: ((expiresAt: string) => void | Promise<void>)[] = []
  #caller: Caller | undefined
  #alive = true

  constructor(options: DoorConnectionOptions) {
    this.#options = options
    const { peer, log } = options
    const live = (): void => void (this.#alive = true)
    peer.on('pong', live).on('message', live)
    // A frame that breaks the protocol: ws closes the connection by itself.
    peer.on('error', (error) => log.debug({ err: error }, 'A peer at a door broke the protocol'))
  }

  get caller(): Caller | undefined {
    return this.#caller
  }

  get unsent(): number {
    return this.#options.peer.bufferedAmount
  }

  async signIn(token: string | undefined): Promise<Caller | undefined> {
    const caller = await this.#options.callerOf(token)
    if (!caller || (this.#caller && caller.userId !== this.#caller.userId)) return undefined
    this.#caller = caller
    this.#options.onSignIn(caller)
    return caller
  }

  send(message: string | Uint8Array): boolean {
    const { peer, unsentLimit, onSkip } = this.#options
    if (peer.readyState !== peer.OPEN) return false
    if (this.unsent > unsentLimit) {
      onSkip()
      return false
    }
    peer.send(message)
    return true
  }

  close(code = 1000, reason = ''): void {
    this.#options.peer.close(code, reason)
  }

  onMessage(listener: (message: string | Uint8Array) => void | Promise<void>): void {
    this.#options.peer.on('message', (data: RawData, isBinary: boolean) => {
      // A peer that was told to go may still talk.
      if (this.#options.peer.readyState !== this.#options.peer.OPEN) return
      const bytes = data as Buffer
      this.attempt(() => listener(isBinary ? bytes : bytes.toString()))
    })
  }

  onRights(listener: (caller: Caller) => void | Promise<void>): void {
    this.#onRights.push(listener)
  }

  onExpiring(listener: (expiresAt: string) => void | Promise<void>): void {
    this.#onExpiring.push(listener)
  }

  onClose(listener: (code: number) => void): void {
    this.#options.peer.once('close', (code: number) => this.attempt(() => listener(code)))
  }

  /** Runs what a plugin does here; where it fails the connection ends, and nothing else. */
  attempt(run: () => void | Promise<void>): void {
    void this.settle(run)
  }

  async settle(run: () => void | Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      this.#options.log.error({ err: error }, 'A door could not serve a peer')
      this.close(1011, 'Internal error')
    }
  }

  /** The caller as of now; none closes the connection. */
  rights(caller: Caller | undefined): void {
    this.#caller = caller
    if (!caller) return this.close(1008, 'Unauthorized')
    for (const listener of this.#onRights) this.attempt(() => listener(caller))
  }

  /** The access token runs out at this time, in ISO 8601. */
  expiring(expiresAt: string): void {
    for (const listener of this.#onExpiring) this.attempt(() => listener(expiresAt))
  }

  /** Asks for a sign of life; false where the last question was not answered. */
  beat(): boolean {
    if (!this.#alive) return false
    this.#alive = false
    this.#options.peer.ping()
    return true
  }

  terminate(): void {
    this.#options.peer.terminate()
  }
}
