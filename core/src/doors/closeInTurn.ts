import type { Duplex } from 'node:stream'

/** Connections that are closed in one turn of the event loop, between which others have theirs. */
const inOneTurn = 100
const waiting: (() => void)[] = []

/**
 * Has the last step of a connection's end wait for its turn. When a proxy or a network goes, ten thousand peers go at
 * once, and to close their connections all together would stop everything else for a second.
 */
export function closeInTurn(socket: Duplex): void {
  const end = socket.end.bind(socket) as (...args: unknown[]) => Duplex
  socket.end = (...args: unknown[]) => {
    if (args.length) return end(...args)
    if (waiting.push(end) === 1) setImmediate(closeSome)
    return socket
  }
}

function closeSome(): void {
  for (const close of waiting.splice(0, inOneTurn)) close()
  if (waiting.length) setImmediate(closeSome)
}
