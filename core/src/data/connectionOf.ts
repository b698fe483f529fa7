import type { Socket } from 'node:net'
import type { Client } from 'pg'

/** How much the server has said on this connection. */
export function bytesHeard(client: Client): number {
  return streamOf(client).bytesRead
}

/** Ends a connection whose peer may never answer; what waits on it fails. */
export function breakConnection(client: Client): void {
  streamOf(client).destroy()
}

function streamOf(client: Client): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream
}
