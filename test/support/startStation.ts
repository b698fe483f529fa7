import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A weather station of the example's kind, which answers only those who have its key, `k3y`. */
export interface Station {
  readonly url: string
  /** Lets it measure another wind, in m/s. */
  wind(speed: number): void
  stop(): void
}

export async function startStation(): Promise<Station> {
  let windSpeed = 3
  const server = createServer((request, response) => {
    const isKnown = request.headers.authorization === 'Bearer k3y'
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
    response.end(isKnown ? JSON.stringify({ temperature: 11.5, windSpeed }) : '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/now`,
    wind: (speed) => void (windSpeed = speed),
    stop: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
