import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Supervisor } from './Supervisor.ts'

export interface DevOptions {
  /** The configuration file. Default: `signalbox.config.*` of the working directory. */
  readonly config?: string
}

const names = ['ts', 'mts', 'js', 'mjs'].map((extension) => `signalbox.config.${extension}`)

/** Runs a platform from source until SIGINT or SIGTERM, and starts it again when a source that it imports changes. */
export async function devCommand({ config }: DevOptions): Promise<void> {
  const file = findConfig(config)
  const supervisor = new Supervisor({
    config: file,
    watched: [file, join(dirname(file), '.env')],
    say: (line) => process.stderr.write(`signalbox dev: ${line}\n`)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => supervisor.stop())
  await supervisor.run()
}

function findConfig(given: string | undefined): string {
  const found = (given === undefined ? names : [given])
    .map((name) => resolve(name))
    .find((path) => existsSync(path))
  if (found !== undefined) return found
  if (given !== undefined) throw new Error(`There is no configuration file ${resolve(given)}.`)
  throw new Error(
    `There is no signalbox.config.ts in ${process.cwd()}. A plugin’s own folder needs one too, which lists the plugin ` +
      'and those that it requires: export default defineConfig({ plugins: [weather()] })'
  )
}
