import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { until } from '../support/until.ts'

export interface RunCommandOptions {
  readonly cwd: string
  /** Added to the environment of the tests, from which everything that configures a platform is taken away. */
  readonly env?: Readonly<Record<string, string>>
  /** After this it is killed. */
  readonly timeoutMs?: number
}

/** A command as a deployer types it, in a process group of its own. */
export interface RunningCommand {
  readonly pid: number
  /** What it and everything that it started have printed so far, on both streams. */
  readonly output: string
  /** The first whole line that matches, of standard output or standard error. */
  line(pattern: RegExp): Promise<string>
  /** Sends a signal to the command alone, or to everything in its group, as a terminal does. */
  signal(signal: NodeJS.Signals, options?: { readonly group?: boolean }): void
  /** Its exit code or the signal that ended it, as soon as itself is gone. */
  readonly ended: Promise<number | string>
  /** Resolves when everything that it started and that shares its output is gone too. */
  readonly silent: Promise<void>
  /** Kills whatever is left of it. */
  kill(): void
}

/** Starts a command. The caller kills it at the end. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs = 60_000 }: RunCommandOptions
): RunningCommand {
  const child = spawn(command, args, {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true
  })
  const pid = child.pid
  if (pid === undefined) throw new Error(`${command} cannot be started`)
  let output = ''
  const hear = (text: string): void => {
    output += stripVTControlCharacters(text)
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)

  const signal: RunningCommand['signal'] = (name, { group = false } = {}) => {
    try {
      process.kill(group ? -pid : pid, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  const kill = (): void => signal('SIGKILL', { group: true })
  const deadline = setTimeout(kill, timeoutMs)
  const ended = once(child, 'exit').then(([code, name]): number | string => code ?? name)
  const silent = once(child, 'close').then(() => clearTimeout(deadline))

  return {
    pid,
    get output() {
      return output
    },
    line: async (pattern) => {
      let isOver = false
      void silent.then(() => (isOver = true))
      const find = (): string | undefined =>
        output
          .split('\n')
          .slice(0, -1)
          .find((line) => pattern.test(line))
      const found = await until(`a line like ${String(pattern)}`, () => find() ?? (isOver ? '' : undefined), {
        timeoutMs
      })
      if (found === '')
        throw new Error(`${command} ended without a line like ${String(pattern)}, but\n${output}`)
      return found
    },
    signal,
    ended,
    silent,
    kill
  }
}

/** Runs a command to its end. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: RunCommandOptions
): Promise<{ readonly code: number | string; readonly output: string }> {
  const running = runCommand(command, args, options)
  try {
    const code = await running.ended
    await running.silent
    return { code, output: running.output }
  } finally {
    running.kill()
  }
}

/** What npm tells the scripts that it runs must not reach a command that is started as if by hand. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(SIGNALBOX_|npm_(?!config_)|(HOST|PORT|DATABASE_URL|NODE_OPTIONS|FFMPEG_PATH)$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}
