import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A TypeScript program in a process of its own, for what only a process can show: a kill, a lock, a race. */
export interface Program {
  readonly child: ChildProcess
  /** All lines that it has printed so far. */
  readonly lines: readonly string[]
  /** Resolves with its first line that matches, past or future; rejects when it ends without one. */
  line(pattern: RegExp): Promise<string>
  /** Resolves with its exit code, or with the signal that ended it, when all its lines have been read. */
  readonly ended: Promise<number | string>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Starts a program whose text imports by absolute `file:` urls. Its standard error is passed on.
 *
 * @param directory where the program's file is written
 * @param options.enter stands before the command; see `NetworkNamespace`
 */
export async function startProgram(
  directory: string,
  name: string,
  text: string,
  { enter = [] }: { readonly enter?: readonly string[] } = {}
): Promise<Program> {
  const file = join(directory, `${name}.mts`)
  await writeFile(file, text)
  const [command, ...args] = [...enter, process.execPath, '--import=tsx', '--conditions=source', file]
  const child = spawn(command as string, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]).then(
    ([[code, signal]]): number | string => code ?? signal
  )

  return {
    child,
    lines,
    ended,
    async line(pattern) {
      const found = lines.find((line) => pattern.test(line))
      if (found !== undefined) return found
      return await new Promise((resolve, reject) => {
        reader.on('line', (line) => {
          if (pattern.test(line)) resolve(line)
        })
        reader.on('close', () => reject(new Error(`${name} ended without printing ${String(pattern)}`)))
      })
    }
  }
}
