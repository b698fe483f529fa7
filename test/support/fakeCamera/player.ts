import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** How an ffmpeg ended, and what it complained of. */
export interface Ending {
  code: number | null
  stderr: string
}

/** An ffmpeg that looks at a fake camera in a test; {@link killPlayers} ends those that still run. */
export class Player {
  readonly ended: Promise<Ending>
  readonly #process: ChildProcess
  readonly #stdout: Readable
  #output = ''
  #complaints = ''

  constructor(ffmpeg: string, args: string[]) {
    const quiet = [
      '-nostdin',
      '-hide_banner',
      '-nostats',
      '-loglevel',
      'warning',
      '-progress',
      'pipe:1',
      '-y'
    ]
    const child = spawn(ffmpeg, [...quiet, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    this.#stdout = child.stdout
    child.stdout.on('data', (text: Buffer) => (this.#output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (this.#complaints += text.toString()))
    players.add(this)
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => {
        players.delete(this)
        resolve({ code, stderr: this.#complaints })
      })
    })
  }

  /** Waits for a progress report of which this holds, as `frame=12` becomes `{ frame: '12' }`. */
  async until(holds: (progress: Record<string, string>) => boolean): Promise<void> {
    while (!holds(this.#progress())) {
      await Promise.race([once(this.#stdout, 'data'), this.#failAtEnd()])
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  #progress(): Record<string, string> {
    const lines = this.#output.trim().split('\n')
    return Object.fromEntries(lines.map((line) => line.split('=')))
  }

  async #failAtEnd(): Promise<never> {
    const { stderr } = await this.ended
    throw new Error(`ffmpeg ended early: ${stderr}`)
  }
}

const players = new Set<Player>()

/** For `afterEach`: leaves no ffmpeg behind. */
export async function killPlayers(): Promise<void> {
  for (const player of players) player.signal('SIGKILL')
  await Promise.all([...players].map((player) => player.ended))
}
