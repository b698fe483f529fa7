import { execa } from 'execa'

const LONGEST_OUTPUT = 4_000_000

/** What a short-lived tool said. */
export interface ToolResult {
  exitCode: number | undefined
  stdout: string
  stderr: string
  timedOut: boolean
  /** Why it did not even start: `ENOENT`, `EACCES`. */
  startError?: string
}

/** Options of `runTool`. */
export interface RunToolOptions {
  stdin?: string
  timeoutMs?: number
  signal?: AbortSignal
  /** Told as soon as the process exists. */
  onSpawn?: (pid: number | undefined) => void
}

/** Runs a tool to its end and returns what it wrote. Never rejects, except with the caller's abort. */
export async function runTool(
  path: string,
  args: readonly string[],
  { stdin = '', timeoutMs = 10_000, signal, onSpawn }: RunToolOptions = {}
): Promise<ToolResult> {
  const child = execa(path, args, {
    input: stdin,
    reject: false,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: LONGEST_OUTPUT,
    ...(signal ? { cancelSignal: signal } : {})
  })
  onSpawn?.(child.pid)
  const result = await child
  signal?.throwIfAborted()
  const started = result.exitCode !== undefined || result.signal !== undefined
  return {
    exitCode: result.exitCode,
    stdout: result.stdout,
    stderr: result.stderr,
    timedOut: result.timedOut,
    ...(started || result.timedOut ? {} : { startError: result.code ?? 'unknown' })
  }
}
