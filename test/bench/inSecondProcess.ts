import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a second process can be asked to do; arguments and results are JSON. */
export type Tasks = Readonly<Record<string, (...args: any[]) => unknown>>

export interface SecondProcess<T extends Tasks> {
  call<K extends keyof T & string>(name: K, ...args: Parameters<T[K]>): Promise<Awaited<ReturnType<T[K]>>>
  /** Ends it. It also ends by itself with this process. */
  stop(): Promise<void>
}

interface Answer {
  readonly number: number
  readonly value?: unknown
  readonly error?: string
}

/**
 * Starts a module that calls {@link serveTasks}, so that what it computes is not counted here.
 *
 * @example
 * const camera = await inSecondProcess<CameraTasks>(new URL('./processes/camera.ts', import.meta.url))
 */
export async function inSecondProcess<T extends Tasks>(module: URL): Promise<SecondProcess<T>> {
  const child = fork(fileURLToPath(module), { execArgv: ['--import=tsx', '--conditions=source'] })
  const ended = once(child, 'exit')
  const answers = listen(child)
  await Promise.race([
    answers(0),
    ended.then(([code]) => Promise.reject(new Error(`${module.pathname} ended with ${String(code)}`)))
  ])
  let calls = 0

  return {
    call: (name, ...args) => {
      const answer = answers(++calls)
      child.send({ number: calls, name, args })
      return answer as never
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await ended
    }
  }
}

/** Does what the first process asks for, until that one ends or lets go. */
export function serveTasks(tasks: Tasks): void {
  const answer = async (name: string, args: unknown[]): Promise<Omit<Answer, 'number'>> => {
    try {
      return { value: await tasks[name]?.(...args) }
    } catch (error) {
      return { error: String(error) }
    }
  }
  process.on('message', ({ number, name, args }: { number: number; name: string; args: unknown[] }) => {
    void answer(name, args).then((result) => process.send?.({ number, ...result }))
  })
  process.on('disconnect', () => process.exit())
  process.send?.({ number: 0 })
}

/** The way to wait for the answer with a number; the number 0 says that the process is ready. */
function listen(child: ChildProcess): (number: number) => Promise<unknown> {
  const waiting = new Map<number, (answer: Answer) => void>()
  child.on('message', (answer: Answer) => waiting.get(answer.number)?.(answer))
  child.on('exit', () =>
    waiting.forEach((settle, number) => settle({ number, error: 'the second process ended' }))
  )
  return (number) =>
    new Promise((resolve, reject) => {
      waiting.set(number, ({ value, error }) => {
        waiting.delete(number)
        if (error === undefined) resolve(value)
        else reject(new Error(error))
      })
    })
}
