import type { Readable } from 'node:stream'
import { execa } from 'execa'
import { REDIRECT_URL, type Command } from '../ffmpeg/commands/Command.ts'
import { offerRedirect } from '../ffmpeg/redirect.ts'
import { dieWithParent } from './parentDeath.ts'

// A grandchild that holds a pipe open must not keep the end of its parent from being seen.
const DRAIN_MS = 1_000

/** How a process ended. */
export interface Exit {
  exitCode: number | null
  signal: string | null
  /** Why there was no process at all. */
  startError?: string
}

/** Where the output of a process goes, as text in pieces of any size. */
export interface CommandOutput {
  /** Standard output: ffmpeg's progress. */
  onOutput: (chunk: string) => void
  /** Standard error: the log. */
  onLog: (chunk: string) => void
  /** Descriptor 3: ffmpeg's list of closed files. */
  onList: (chunk: string) => void
}

/** A process that was started. */
export interface SpawnedCommand {
  pid: number | undefined
  kill: (signal: NodeJS.Signals) => void
  /** Settles when the process is gone and its output is read. Never rejects. */
  exit: Promise<Exit>
}

function listen(readable: Readable, onChunk: (chunk: string) => void): Readable {
  readable.setEncoding('utf8')
  readable.on('data', onChunk)
  readable.on('error', () => readable.destroy())
  return readable
}

/** Starts a command, without a shell, so that it ends with this process. */
export async function spawnCommand(
  command: Command,
  { onOutput, onLog, onList, env }: CommandOutput & { env: Record<string, string> }
): Promise<SpawnedCommand> {
  const prefix = await dieWithParent()
  const redirect =
    command.redirectTo === undefined
      ? undefined
      : await offerRedirect(command.redirectTo, { onUnreachable: (reason) => onLog(`[error] ${reason}\n`) })
  const args = redirect
    ? command.args.map((arg) => (arg === REDIRECT_URL ? redirect.url : arg))
    : command.args
  const [file = command.program, ...rest] = [...prefix, command.program, ...args]
  const child = execa(file, rest, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    buffer: false,
    reject: false,
    cleanup: true,
    extendEnv: false,
    env
  })
  redirect?.expect(child.pid)
  const outputs = [
    listen(child.stdout, onOutput),
    listen(child.stderr, onLog),
    listen(child.stdio[3], onList)
  ]
  child.stdin.on('error', () => child.stdin.destroy())
  child.stdin.end(command.stdin ?? '')

  const wait = async (): Promise<Exit> => {
    let drain: NodeJS.Timeout | undefined
    child.once('exit', () => {
      drain = setTimeout(() => outputs.forEach((output) => output.destroy()), DRAIN_MS)
    })
    const result = await child
    clearTimeout(drain)
    redirect?.close()
    const { exitCode = null, signal = null } = result
    return exitCode === null && signal === null
      ? { exitCode, signal, startError: result.code ?? 'unknown' }
      : { exitCode, signal }
  }
  return { pid: child.pid, kill: (signal) => void child.kill(signal), exit: wait() }
}
