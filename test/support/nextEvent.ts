import type { Socket } from 'socket.io-client'

/** The first event of this name that `matches`, or a rejection that lists what came instead. */
export function nextEvent<T = any>(
  socket: Socket,
  name: string,
  { matches = () => true, timeoutMs = 10_000 }: { matches?: (payload: T) => boolean; timeoutMs?: number } = {}
): Promise<T> {
  return new Promise((resolve, reject) => {
    const heard: string[] = []
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      socket.offAny(listen)
      act()
    }
    const listen = (event: string, payload: T): void => {
      heard.push(event)
      if (event === name && matches(payload)) settle(() => resolve(payload))
    }
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(new Error(`no ${name} within ${timeoutMs} ms, but ${heard.join(', ') || 'nothing'}`))
        ),
      timeoutMs
    )
    socket.onAny(listen)
  })
}
