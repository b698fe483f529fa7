import type { Duplex } from 'node:stream'

/** Connections that end in one turn of the event loop, between which others have theirs. */
const inOneTurn = 100
const waiting: (() => void)[] = []

/**
 * Has the end of a connection wait for its turn. When a proxy or a network goes, ten thousand peers go at once, and to
 * close their connections all together would keep everybody else waiting.
 */
export function closeInTurn(socket: Duplex): void {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean
  // Whatever closes the connection does so when it hears this, and nothing else is said by it.
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'end') return emit(event, ...args)
    if (waiting.push(() => socket.destroyed || emit('end')) === 1) setImmediate(endSome)
    return true
  }
}

function endSome(): void {
  for (const end of waiting.splice(0, inOneTurn)) end()
  if (waiting.length) setImmediate(endSome)
}
