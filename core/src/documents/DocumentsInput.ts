import type { OwnedCommand } from '../plugins/OwnedCommand.ts'
import type { Model } from '../resources/Model.ts'

/** All that the documents are written from. The order of models, plugins and commands does not matter. */
export interface DocumentsInput {
  /** The name and the version of the platform. */
  readonly name: string
  readonly version: string
  /** Where the platform lies below its origin: empty, or with a leading and without a closing slash. */
  readonly basePath: string
  readonly plugins: readonly { readonly name: string; readonly version: string }[]
  readonly models: readonly Model[]
  readonly commands: readonly OwnedCommand[]
}
