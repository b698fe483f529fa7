import { parseArgs } from 'node:util'
import { createInterface } from 'node:readline/promises'

export interface MainOptions {
  readonly usage: string
  /** What is asked for on a terminal, where no name was given. */
  readonly question: string
  /** Makes the folder; resolves with what to do next, a line each. */
  readonly create: (name: string) => Promise<readonly string[]>
}

/** The program of a scaffold: one argument, a question where it is missing, a sentence and exit code 1 on failure. */
export async function main({ usage, question, create }: MainOptions): Promise<void> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } }
    })
    if (values.help) return void process.stdout.write(`${usage}\n`)
    if (positionals.length > 1) throw new Error(`Give one name: ${usage}`)
    const name = positionals[0] ?? (await ask(question))
    if (!name) throw new Error(`Give a name: ${usage}`)
    const next = await create(name)
    process.stdout.write(`${next.join('\n')}\n`)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 1
  }
}

/** Nobody answers where there is no terminal. */
async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await terminal.question(`${question}: `)).trim()
  } finally {
    terminal.close()
  }
}
