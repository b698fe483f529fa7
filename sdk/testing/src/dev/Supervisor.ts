import { spawn, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { SourceWatcher } from './SourceWatcher.ts'

export interface SupervisorOptions {
  readonly config: string
  /** Files to watch beside those that are imported. */
  readonly watched: readonly string[]
  readonly say: (line: string) => void
}

/** Keeps one platform running, in a process of its own, and starts it again after each change of its sources. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #watcher: SourceWatcher
  #child: ChildProcess | undefined
  readonly #changes: string[] = []
  #stopping = false
  /** The port that the first start was given where it asked for any. */
  #port: string | undefined
  #wake = (): void => {}

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#watcher = new SourceWatcher((name) => this.#heed(name))
  }

  /** Resolves when it was stopped and nothing runs any more. */
  async run(): Promise<void> {
    const { say, watched } = this.#options
    for (const path of watched) this.#watcher.add(path)
    try {
      while (!this.#stopping) {
        this.#watcher.renew()
        const code = await this.#start()
        if (this.#changes.length === 0 && !this.#stopping) {
          say(`it ended${code ? ` with ${code}` : ''}; waiting for a change`)
          await new Promise<void>((resolve) => (this.#wake = resolve))
        }
        const [changed] = this.#changes.splice(0)
        if (changed !== undefined) say(`${changed} changed; starting again`)
      }
    } finally {
      this.#watcher.close()
    }
  }

  stop(): void {
    this.#stopping = true
    this.#end()
    this.#wake()
  }

  #heed(name: string): void {
    this.#changes.push(name)
    this.#end()
    this.#wake()
  }

  /** The platform stops in order, and gives itself a deadline for it. */
  #end(): void {
    if (this.#child?.connected) this.#child.send('stop', () => {})
  }

  /** Starts the platform; resolves when its process is gone. */
  async #start(): Promise<number | string> {
    const preload = new URL('child.js', import.meta.url).href
    const args = ['--import', preload, hostProgram(), 'start', '--config', this.#options.config]
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, ...(this.#port !== undefined && { PORT: this.#port }) }
    })
    this.#child = child
    child.on('message', (path) => this.#watcher.add(path as string))
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#pass(line))
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => {
        this.#child = undefined
        resolve(code ?? signal ?? 0)
      })
    })
  }

  /** A port that the machine chose is kept for the next start. */
  #pass(line: string): void {
    process.stdout.write(`${line}\n`)
    const port = process.env['PORT'] === '0' && /^ready \S*?:(\d+)/.exec(line)?.[1]
    if (port) this.#port = port
  }
}

/** The program of the host that this kit depends on. */
function hostProgram(): string {
  const main = createRequire(import.meta.url).resolve('@signalbox/core')
  return join(dirname(main), '..', 'bin', 'signalbox.js')
}
