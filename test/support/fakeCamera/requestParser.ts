/** A request of RTSP or of HTTP: both have the form of RFC 2616. */
export interface Request {
  method: string
  /** The request URI as it was sent: absolute in RTSP, a path in HTTP. */
  uri: string
  protocol: 'RTSP/1.0' | 'HTTP/1.1'
  /** By name in lower case. */
  headers: Map<string, string>
}

const END_OF_HEAD = '\r\n\r\n'
/** The `$` that marks a packet amid the requests (RFC 2326, 10.12). */
const INTERLEAVED = 0x24

/**
 * Reads requests from a connection, in pieces as they arrive. What a player interleaves between them (RTCP,
 * behind a `$`) and the bodies of requests are read past.
 */
export class RequestParser {
  #unread = Buffer.alloc(0)

  /** The requests that are complete with this piece. */
  feed(piece: Buffer): Request[] {
    this.#unread = Buffer.concat([this.#unread, piece])
    const requests: Request[] = []
    for (let request = this.#next(); request; request = this.#next()) requests.push(request)
    return requests
  }

  #next(): Request | undefined {
    this.#skipInterleaved()
    const head = this.#unread.indexOf(END_OF_HEAD)
    if (head < 0 || this.#unread[0] === INTERLEAVED) return undefined
    const request = parse(this.#unread.toString('latin1', 0, head))
    const end = head + END_OF_HEAD.length + Number(request.headers.get('content-length') ?? 0)
    if (this.#unread.length < end) return undefined
    this.#unread = this.#unread.subarray(end)
    return request
  }

  #skipInterleaved(): void {
    while (this.#unread[0] === INTERLEAVED && this.#unread.length >= 4) {
      const end = 4 + this.#unread.readUInt16BE(2)
      if (this.#unread.length < end) return
      this.#unread = this.#unread.subarray(end)
    }
  }
}

function parse(head: string): Request {
  const [first = '', ...lines] = head.split('\r\n')
  const [method = '', uri = '', protocol = ''] = first.split(' ')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { method, uri, protocol: protocol.startsWith('RTSP') ? 'RTSP/1.0' : 'HTTP/1.1', headers }
}
