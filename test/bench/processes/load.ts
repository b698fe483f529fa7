import { serveTasks } from '../inSecondProcess.ts'
import { HttpLine } from './HttpLine.ts'

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
async function load({ port, token, path, connections, requests, expected }: LoadOptions): Promise<void> {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`
  let left = requests
  const ask = async (): Promise<void> => {
    const line = await HttpLine.open(port)
    while (left-- > 0) {
      const answer = await line.ask(request)
      if (!answer.startsWith('HTTP/1.1 200') || !answer.includes(expected))
        throw new Error(`a wrong answer: ${answer}`)
    }
    line.close()
  }
  await Promise.all(Array.from({ length: connections }, ask))
}

serveTasks(tasks)
