import type { Caller, Door } from '@signalbox/plugin'
import { TokenExpiry } from '../identity/TokenExpiry.ts'
import type { DoorConnection } from './DoorConnection.ts'
import { OpenDoor, type DoorStatus, type OpenDoorOptions } from './OpenDoor.ts'

export interface DoorTableOptions extends OpenDoorOptions {
  /** The caller as of now; undefined where the session has ended. */
  readonly refreshed: (caller: Caller) => Promise<Caller | undefined>
  /** How long a connection outlives its access token. */
  readonly graceSeconds: number
}

/** The native WebSocket doors that are open, by path. */
export class DoorTable {
  readonly #options: DoorTableOptions
  readonly #expiry: TokenExpiry<DoorConnection>
  readonly #byPath = new Map<string, OpenDoor>()
  #closed = false

  constructor(options: DoorTableOptions) {
    this.#options = options
    this.#expiry = new TokenExpiry({
      graceSeconds: options.graceSeconds,
      onNotice: (connection, expiresAt) => connection.expiring(expiresAt),
      onEnd: (connection) => connection.close(1008, 'The access token has run out.')
    })
  }

  /** Opens a door, and returns the way to close it. */
  open(door: Door): () => Promise<void> {
    const { path } = door
    if (!/^(\/[\w.~-]+)+$/.test(path)) throw new Error(`${path} is no path for a door: use one such as /ws.`)
    if (/^\/(api|socket\.io)(\/|$)/.test(path))
      throw new Error(`${path} belongs to the platform’s own doors.`)
    if (this.#byPath.has(path)) throw new Error(`There is a door at ${path} already.`)
    const opened = new OpenDoor(door, { ...this.#options, expiry: this.#expiry })
    this.#byPath.set(path, opened)
    return () => {
      if (this.#byPath.get(path) === opened) this.#byPath.delete(path)
      return opened.close()
    }
  }

  /** The door at a path below the base path; none once the platform closes its doors. */
  find(path: string): OpenDoor | undefined {
    return this.#closed ? undefined : this.#byPath.get(path)
  }

  status(): DoorStatus[] {
    return [...this.#byPath.values()].map((door) => door.status())
  }

  /** Rights have changed: who signed in is looked at anew. */
  async refresh(): Promise<void> {
    await Promise.all(this.#connections().map((connection) => this.#refresh(connection)))
  }

  /** Closes the connections of a session that has ended. */
  cut(sessionId: string): void {
    for (const connection of this.#connections()) {
      if (connection.caller?.sessionId === sessionId) connection.rights(undefined)
    }
  }

  /** Closes every door. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true
    this.#expiry.close()
    await Promise.all([...this.#byPath.values()].map((door) => door.close()))
  }

  #connections(): DoorConnection[] {
    return [...this.#byPath.values()].flatMap((door) => [...door.connections])
  }

  async #refresh(connection: DoorConnection): Promise<void> {
    const { caller } = connection
    if (!caller) return
    try {
      const refreshed = await this.#options.refreshed(caller)
      // Meanwhile the peer may have signed in anew, with another session.
      if (connection.caller !== caller) return this.#refresh(connection)
      connection.rights(refreshed)
    } catch (error) {
      this.#options.log.error({ err: error }, 'The rights of a peer could not be read; it is cut')
      connection.rights(undefined)
    }
  }
}
