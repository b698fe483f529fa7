import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** An HTTP connection that is kept alive, and on which one thing after the other is asked. It costs next to nothing. */
export class HttpLine {
  readonly #socket: Socket
  #received = ''
  #answered: ((answer: string) => void) | undefined
  #failed: ((error: Error) => void) | undefined

  static async open(port: number): Promise<HttpLine> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    await once(socket, 'connect')
    return new HttpLine(socket)
  }

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', (error) => this.#failed?.(error))
    socket.on('close', () => this.#failed?.(new Error('the connection was closed')))
    socket.setEncoding('utf8').on('data', (text: string) => this.#receive(text))
  }

  /** Sends a request as it goes over the wire; resolves to the answer, head and body. */
  ask(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#failed = undefined
    this.#socket.end()
  }

  #receive(text: string): void {
    this.#received += text
    const headEnd = this.#received.indexOf('\r\n\r\n')
    const length = /content-length: (\d+)/i.exec(this.#received)?.[1]
    if (headEnd < 0 || Buffer.byteLength(this.#received) < headEnd + 4 + Number(length)) return
    const answer = this.#received
    this.#received = ''
    this.#answered?.(answer)
  }
}
