import { Command, CommanderError, Option } from 'commander'
import type { ImportExtension } from './files/GeneratedFile.ts'
import { generate } from './generate.ts'
import { readSource } from './manifest/readSource.ts'
import { compareClient, type Difference } from './write/compareClient.ts'
import { writeClient } from './write/writeClient.ts'

interface Options {
  readonly from?: string
  readonly out: string
  readonly check?: boolean
  readonly importExtension: ImportExtension
}

/**
 * Runs `signalbox generate`; the first argument is the command’s own name. Rejects with a sentence where it fails, and
 * where `--check` finds the client stale.
 */
export async function run([name = 'generate', ...args]: readonly string[]): Promise<void> {
  const program = new Command(`signalbox ${name}`)
    .description('Writes a typed client for exactly what a deployment has installed.')
    .argument('[source]', 'the URL of the deployment, a manifest file, or - for standard input')
    .option('--from <source>', 'the same, by name')
    .requiredOption('-o, --out <directory>', 'where the client is written: a directory of its own')
    .option('--check', 'writes nothing, and fails where the directory is not current')
    .addOption(
      new Option('--import-extension <extension>', 'how the files import each other')
        .choices(['js', 'ts', 'none'])
        .default('js')
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(async (source: string | undefined, options: Options) => act(sourceOf(source, options), options))
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw new Error(error.message.replace(/^error: /, ''), { cause: error })
  }
}

function sourceOf(source: string | undefined, { from }: Options): string {
  if (source !== undefined && from !== undefined)
    throw new Error('The source is given twice, by itself and with --from: leave one out.')
  const given = source ?? from
  if (given === undefined || given === '')
    throw new Error(
      'There is no source: name the URL of a deployment, a manifest file, or - for standard input.'
    )
  return given
}

async function act(source: string, { out, check, importExtension }: Options): Promise<void> {
  const manifest = await readSource(source)
  const files = generate(manifest, { importExtension })
  if (check) {
    const stale = sentenceOf(await compareClient(out, files), ['is missing', 'differs', 'is left over'])
    if (stale) throw new Error(`${out} is stale: ${stale}. Run the same without --check.`)
    say(`${out} is current`)
    return
  }
  const done = sentenceOf(await writeClient(out, files), ['written', 'renewed', 'removed'])
  say(done ? `${out}: ${done}` : `${out} is current`)
}

function sentenceOf(
  { missing, changed, leftOver }: Difference,
  words: readonly [string, string, string]
): string {
  return [missing, changed, leftOver]
    .flatMap((names, index) => names.map((name) => `${name} ${words[index]}`))
    .join(', ')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
