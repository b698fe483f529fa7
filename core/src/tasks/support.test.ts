import assert from 'node:assert/strict'
import type { Logger } from '@signalbox/plugin'
import type { TasksOptions, TaskTiming } from './createTasks.ts'
import { createTasks } from './createTasks.ts'
import type { Tasks } from './Tasks.ts'

/** A logger that keeps what it is told. */
export interface MemoryLog extends Logger {
  readonly lines: { readonly level: string; readonly details: object; readonly message: string }[]
  includes(level: string, message: string): boolean
}

/** Short clocks, so that tests are. */
export const quick: TaskTiming = { pollMs: 200, lockMs: 800, abandonMs: 200, retryMs: 20 }

export function memoryLog(): MemoryLog {
  const lines: MemoryLog['lines'] = []
  const write = (level: string) => (details: object, message: string) => {
    lines.push({ level, details, message })
  }
  return {
    lines,
    includes: (level, message) =>
      lines.some((line) => line.level === level && line.message.includes(message)),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error')
  }
}

/** Waits until `reached`, or fails by saying what did not happen. */
export async function until(what: string, reached: () => unknown, milliseconds = 8000): Promise<void> {
  const deadline = Date.now() + milliseconds
  while (!(await reached())) {
    if (Date.now() > deadline) assert.fail(`within ${milliseconds} ms: ${what}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
}

/** Opens task systems and stops those of a test at its end. */
export class Nodes {
  readonly log = memoryLog()
  readonly #open = new Set<Tasks>()

  async open(options: Partial<TasksOptions> & Pick<TasksOptions, 'store'>): Promise<Tasks> {
    const tasks = await createTasks({ log: this.log, timeZone: 'UTC', timing: quick, ...options })
    this.#open.add(tasks)
    return tasks
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#open].map((tasks) => tasks.stop({ graceMs: 0 })))
    this.#open.clear()
  }
}
