import { Command, Option } from 'commander'
import { ConfigError } from '../config/ConfigError.ts'
import { loadConfig } from '../config/loadConfig.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { version } from '../platform/version.ts'
import { backupCommand } from './backupCommand.ts'
import { doctorCommand } from './doctorCommand.ts'
import { manifestCommand } from './manifestCommand.ts'
import { migrateCommand } from './migrateCommand.ts'
import { rekeyCommand } from './rekeyCommand.ts'
import { restoreCommand } from './restoreCommand.ts'
import { companions, runCompanion } from './runCompanion.ts'
import { startCommand } from './startCommand.ts'

interface CommonOptions {
  readonly config?: string
  readonly only?: string
}

const program = new Command('signalbox')
  .description('One API for the cameras, phones, machines and people of a site.')
  .version(version)

function common(command: Command): Command {
  return command.addOption(
    new Option('-c, --config <file>', 'the configuration file').default(undefined, 'signalbox.config.ts here')
  )
}

function load({ config, only }: CommonOptions): Promise<PlatformConfig> {
  return loadConfig({ file: config, ...(only !== undefined && { overrides: { only: only.split(',') } }) })
}

common(program.command('start'))
  .description('starts the platform')
  .option('--only <plugins>', 'start only these plugins, by short name, comma separated')
  .action(async (options: CommonOptions) => startCommand(await load(options)))

common(program.command('migrate'))
  .description('brings the database up to date, without starting')
  .option('--check', 'only tells what is pending; exits with 1 if anything is')
  .action(async (options: CommonOptions & { check?: boolean }) =>
    migrateCommand(await load(options), { check: options.check ?? false })
  )

common(program.command('manifest'))
  .description('writes the manifest of the installed plugins, without starting anything')
  .option('-o, --out <file>', 'the file to write; else standard output')
  .option('--check <file>', 'exits with 1 if this file is not the current manifest')
  .action(async (options: CommonOptions & { out?: string; check?: string }) =>
    manifestCommand(await load(options), options)
  )

common(program.command('doctor'))
  .description('checks the configuration, the data directory and the database, and lists every option')
  .action(async (options: CommonOptions) => doctorCommand(await load(options)))

common(program.command('backup'))
  .description('backs up the embedded database and its key; the platform must not run')
  .argument('<file>', 'the .tar.gz to write')
  .action(async (file: string, options: CommonOptions) => backupCommand(await load(options), file))

common(program.command('restore'))
  .description('restores a backup; the platform must not run')
  .argument('<file>', 'the .tar.gz that backup wrote')
  .option('--force', 'replace the database that is there')
  .action(async (file: string, options: CommonOptions & { force?: boolean }) =>
    restoreCommand(await load(options), { file, force: options.force ?? false })
  )

common(program.command('rekey'))
  .description(
    'seals all stored secrets anew with the current key; makes a new one where the key file is used'
  )
  .action(async (options: CommonOptions) => rekeyCommand(await load(options)))

for (const companion of companions) {
  program
    .command(companion.name)
    .description(`${companion.description} (with ${companion.from})`)
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .action((args: string[]) => runCompanion(companion, args))
}

// `signalbox doctor | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  const lines = error instanceof ConfigError ? error.faults : [(error as Error).message]
  for (const line of lines) process.stderr.write(`signalbox: ${line}\n`)
  process.exitCode = 1
}
