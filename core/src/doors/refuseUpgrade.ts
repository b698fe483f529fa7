import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PlatformError } from '@signalbox/plugin'
import { encodeError } from '../errors/encodeError.ts'

/** Answers an upgrade with an error, in the form of every door, and closes the connection. */
export function refuseUpgrade(socket: Duplex, error: PlatformError): void {
  const body = JSON.stringify(encodeError(error))
  const head = [
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff'
  ]
  // A peer that keeps its half open would keep the connection.
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
