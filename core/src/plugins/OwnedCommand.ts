import type { Command } from '@signalbox/plugin'

/** A socket command and the plugin that declares it. */
export interface OwnedCommand {
  readonly plugin: string
  readonly command: Command
}
