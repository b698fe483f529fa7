import { connect, type Socket } from 'node:net'
import { serveTasks } from '../inSecondProcess.ts'

export interface LoadOptions {
  readonly port: number
  readonly token: string
  readonly path: string
  readonly connections: number
  readonly requests: number
  /** Must stand in each answer. */
  readonly expected: string
}

const tasks = { load }

export type LoadTasks = typeof tasks

/** Sends GETs over connections that are kept alive, on each the next one after the answer; rejects at a wrong answer. */
async function load({ connections, requests, ...options }: LoadOptions): Promise<void> {
  const state = { left: requests }
  await Promise.all(Array.from({ length: connections }, () => ask(options, state)))
}

function ask(
  { port, token, path, expected }: Pick<LoadOptions, 'port' | 'token' | 'path' | 'expected'>,
  state: { left: number }
): Promise<void> {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1')
    let received = ''
    const next = (): void => {
      if (state.left-- > 0) socket.write(request)
      else socket.end(resolve)
    }
    socket.setNoDelay(true)
    socket.on('connect', next)
    socket.on('error', reject)
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
      const headEnd = received.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(received)?.[1]
      if (headEnd < 0 || received.length < headEnd + 4 + Number(length)) return
      if (received.startsWith('HTTP/1.1 200') && received.includes(expected)) {
        received = ''
        next()
      } else {
        socket.destroy()
        reject(new Error(`a wrong answer: ${received}`))
      }
    })
  })
}

serveTasks(tasks)
