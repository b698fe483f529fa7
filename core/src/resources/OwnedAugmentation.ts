import type { Augmentation } from '@signalbox/plugin'

/** An augmentation and the plugin that makes it. */
export interface OwnedAugmentation {
  readonly plugin: string
  readonly augmentation: Augmentation
}
