import { Command } from 'commander'
import { checkCommand } from './check/checkCommand.ts'
import { devCommand } from './dev/devCommand.ts'

/** Runs `check` or `dev` with its arguments, the name of the command first. */
export async function run(args: readonly string[]): Promise<void> {
  const program = new Command('signalbox')

  program
    .command('check')
    .description('checks a plugin as a stranger would install it: packed, in an empty folder, in plain Node')
    .argument('[folder]', 'the folder of the plugin’s package', '.')
    .option(
      '--with <packages...>',
      'folders or tarballs of packages that it needs and that are not published yet',
      []
    )
    .action((folder: string, options: { readonly with: readonly string[] }) =>
      checkCommand({ folder, ...options })
    )

  program
    .command('dev')
    .description(
      'runs a deployment, or the plugin of this folder, from source and restarts it on each change'
    )
    .option('-c, --config <file>', 'the configuration file; else signalbox.config.ts here')
    .action((options: { readonly config?: string }) => devCommand(options))

  await program.parseAsync(args, { from: 'user' })
}
