import { setTimeout as pause } from 'node:timers/promises'
import { serveTasks } from '../inSecondProcess.ts'
import { HttpLine } from './HttpLine.ts'

export interface WriteOptions {
  readonly count: number
  /** As fast as they are answered when absent. */
  readonly perSecond?: number
}

/** One record that was created; in milliseconds of this machine's clock. */
export interface Written {
  readonly id: string
  readonly sentAt: number
  readonly answeredAt: number
}

const lines: HttpLine[] = []
let request = ''

const tasks = {
  /** Opens connections over which `body` is posted to `path`. */
  connect: async (options: ConnectOptions): Promise<void> => {
    request = requestOf(options)
    while (lines.length < options.connections) lines.push(await HttpLine.open(options.port))
  },
  /** Creates so many records over all connections; resolves to when each was sent and answered. */
  write: async ({ count, perSecond }: WriteOptions): Promise<Written[]> => {
    const written: Written[] = []
    const begun = performance.now()
    let next = 0
    const write = async (line: HttpLine): Promise<void> => {
      for (let n = next++; n < count; n = next++) {
        const dueIn = perSecond === undefined ? 0 : begun + (n * 1000) / perSecond - performance.now()
        if (dueIn > 0) await pause(dueIn)
        written.push(await create(line))
      }
    }
    await Promise.all(lines.map(write))
    return written
  }
}

export interface ConnectOptions {
  readonly port: number
  readonly token: string
  readonly path: string
  readonly body: object
  readonly connections: number
}

export type WriterTasks = typeof tasks

async function create(line: HttpLine): Promise<Written> {
  const sentAt = clock()
  const answer = await line.ask(request)
  const answeredAt = clock()
  const id = /"id":"([^"]+)"/.exec(answer)?.[1]
  if (!answer.startsWith('HTTP/1.1 201') || id === undefined) throw new Error(`a wrong answer: ${answer}`)
  return { id, sentAt, answeredAt }
}

function requestOf({ port, token, path, body }: ConnectOptions): string {
  const json = JSON.stringify(body)
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`
  ]
  return `${head.join('\r\n')}\r\n\r\n${json}`
}

/** One for all processes of a machine. */
function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

serveTasks(tasks)
