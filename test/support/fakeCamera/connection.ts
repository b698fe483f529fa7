import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Device, Play, Transport } from './device.ts'
import { answerHttp } from './http.ts'
import type { LiveStream, Viewer } from './liveStream.ts'
import { type Request, RequestParser } from './requestParser.ts'
import { RtspSession } from './rtspSession.ts'

/** An answer to a request, in either protocol. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: string
  /** What happens once the answer is on its way. */
  after?: () => void
}

/** A stream, and how its pictures reach the player. */
export interface PlayOptions<Encoded> {
  path: string
  transport: Transport
  stream: LiveStream<Encoded>
  viewer: Viewer<Encoded>
}

/** Requests that need no login and that no fault refuses: players keep a session alive with them, and end it. */
const ALWAYS_ANSWERED = new Set(['OPTIONS', 'GET_PARAMETER', 'TEARDOWN'])

/** As cameras do, cut off a player that has not read for this many bytes. */
const MAX_UNSENT = 8 * 2 ** 20

/** One TCP connection. Its first line tells whether it speaks RTSP or HTTP. */
export class Connection {
  readonly socket: Socket
  readonly #device: Device
  readonly #rtsp: RtspSession
  #play: Play | undefined
  #leave: () => void = () => undefined

  constructor(socket: Socket, device: Device) {
    this.socket = socket
    this.#device = device
    this.#rtsp = new RtspSession(this, device)
    socket.setNoDelay(true)
    // Being reset is ordinary here; 'close' follows.
    socket.on('error', () => undefined)
    socket.on('close', () => this.stopPlaying())
    if (device.faults.silent) {
      socket.resume()
      return
    }
    const parser = new RequestParser()
    socket.on('data', (piece) => {
      for (const request of parser.feed(piece)) this.#answer(request)
    })
  }

  /** The path that is being played here. */
  get path(): string | undefined {
    return this.#play?.path
  }

  /** Begins to send a stream, in place of the one before. */
  play<Encoded>({ path, transport, stream, viewer }: PlayOptions<Encoded>): void {
    this.stopPlaying()
    const play = { path, transport }
    stream.add(viewer)
    this.#play = play
    this.#leave = () => stream.delete(viewer)
    this.#device.events.emit('play', play)
  }

  /** Sends no more pictures; says whose they were. */
  stopPlaying(): Play | undefined {
    const play = this.#play
    if (!play) return undefined
    this.#play = undefined
    this.#leave()
    this.#device.events.emit('end', play)
    return play
  }

  /** Sends pictures to a player that may be slow to read them. */
  send(data: Buffer): void {
    if (this.socket.writableLength > MAX_UNSENT) this.socket.destroy()
    else this.socket.write(data)
  }

  /** Ends the connection from the side of the camera: orderly (FIN), or by RST. */
  hangUp({ reset = false } = {}): void {
    this.stopPlaying()
    if (reset) this.socket.resetAndDestroy()
    else this.socket.end()
  }

  #answer(request: Request): void {
    if (!this.socket.writable) return
    const reply = this.#refuse(request) ?? this.#serve(request)
    this.#write(request, reply)
    const path = pathOf(request)
    this.#device.events.emit('request', { method: request.method, path, status: reply.status })
    reply.after?.()
  }

  #refuse({ method, headers }: Request): Reply | undefined {
    if (ALWAYS_ANSWERED.has(method)) return undefined
    const { faults, authentication } = this.#device
    const admitted = authentication.admits(method, headers.get('authorization'))
    const status = faults.status ?? (admitted ? undefined : 401)
    if (status === undefined) return undefined
    return { status, headers: status === 401 ? { 'WWW-Authenticate': authentication.challenge } : {} }
  }

  #serve(request: Request): Reply {
    if (request.protocol === 'RTSP/1.0') return this.#rtsp.answer(request, pathOf(request))
    return answerHttp({ request, path: pathOf(request), connection: this, device: this.#device })
  }

  #write({ protocol, headers }: Request, reply: Reply): void {
    const head = [`${protocol} ${reply.status} ${REASONS[reply.status] ?? 'Unknown'}`]
    const sequence = headers.get('cseq')
    if (sequence) head.push(`CSeq: ${sequence}`)
    for (const [name, value] of Object.entries(reply.headers ?? {})) head.push(`${name}: ${value}`)
    // A stream over HTTP has no length.
    const body = reply.body ?? ''
    if (body || reply.status >= 400) head.push(`Content-Length: ${Buffer.byteLength(body)}`)
    this.socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
}

const REASONS: Record<number, string | undefined> = {
  ...STATUS_CODES,
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport'
}

/** The stream that a request is about: the URI without its host and without the name of the track. */
function pathOf({ uri }: Request): string {
  const path = uri.replace(/^\w+:\/\/[^/]*/, '').replace(/\/?(trackID=\d+)?$/, '')
  return path || '/'
}
