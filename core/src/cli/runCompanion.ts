import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The part of the command line that a package of its own brings: its module `cli`. */
export interface CompanionCli {
  /** Runs it with its arguments; rejects with a sentence where it fails. */
  run(args: readonly string[]): Promise<void>
}

export interface Companion {
  readonly name: string
  readonly description: string
  readonly from: string
}

/** Commands that a deployment does not need while it runs, so that their packages are installed by who wants them. */
export const companions: readonly Companion[] = [
  {
    name: 'generate',
    description: 'writes a typed client from a manifest',
    from: '@signalbox/codegen'
  },
  {
    name: 'check',
    description: 'checks a plugin as a stranger would install it',
    from: '@signalbox/testing'
  },
  {
    name: 'dev',
    description: 'runs the platform from source and restarts it on each change',
    from: '@signalbox/testing'
  }
]

/** Runs the command from the package that is installed where it is called, or beside the host. */
export async function runCompanion({ name, from }: Companion, args: readonly string[]): Promise<void> {
  const file = locate(`${from}/cli`)
  if (file === undefined)
    throw new Error(`signalbox ${name} comes with ${from}: npm install --save-dev ${from}`)
  const { run } = (await import(pathToFileURL(file).href)) as CompanionCli
  await run([name, ...args])
}

function locate(module: string): string | undefined {
  for (const base of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return createRequire(base).resolve(module)
    } catch (error) {
      if (!notThere.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  return undefined
}

const notThere = new Set(['MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'])
