import { Client } from 'pg'
import { breakConnection, bytesHeard } from './connectionOf.ts'
import { ConnectionFault } from './ConnectionFault.ts'

/** A network that is away for less than this costs nobody a connection. */
const certainMs = 3000

/**
 * What is known of a server from which nothing comes, not even the end of a connection: it stands still, or no packet
 * gets through. What was asked would wait for a quarter of an hour, until the system gives the connection up.
 */
export interface ServerSilence {
  /** For the pool: when silence is certain its connections are broken, and none is tried until it is over. */
  readonly Client: typeof Client
  readonly certain: boolean
  /** The line does not answer any more. */
  suspect(): void
  /** Nor does it on a new try. Where nothing is heard on any other connection either, silence is certain. */
  confirm(): void
  /** The line hears the server. */
  over(): void
  /** Breaks the connections that are left. */
  breakAll(): void
}

export function serverSilence(): ServerSilence {
  /** What was heard on each connection when silence was suspected. */
  const heard = new Map<Client, number>()
  let suspectedAt = 0
  let isSilent = false

  class PoolClient extends Client {
    /** Takes a callback, as the pool gives it one. */
    override connect(callback?: any): any {
      if (isSilent) {
        const fault = new ConnectionFault(new Error('Nothing is heard of the server.'))
        return queueMicrotask(() => callback(fault))
      }
      heard.set(this, 0)
      this.once('end', () => heard.delete(this))
      return super.connect(callback)
    }
  }

  function suspect(): void {
    suspectedAt = performance.now()
    for (const client of heard.keys()) heard.set(client, bytesHeard(client))
  }

  function breakAll(): void {
    for (const client of heard.keys()) breakConnection(client)
  }

  return {
    Client: PoolClient,
    get certain() {
      return isSilent
    },
    suspect,
    breakAll,
    confirm() {
      if (performance.now() - suspectedAt < certainMs) return
      isSilent = [...heard].every(([client, before]) => bytesHeard(client) === before)
      if (isSilent) breakAll()
      else suspect()
    },
    over() {
      isSilent = false
    }
  }
}
