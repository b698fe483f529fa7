import { feathersFile } from './files/feathersFile.ts'
import type { GeneratedFile, ImportExtension } from './files/GeneratedFile.ts'
import { indexFile } from './files/indexFile.ts'
import { partFile } from './files/partFile.ts'
import type { Manifest } from './manifest/Manifest.ts'
import { planClient } from './plan/planClient.ts'

export interface GenerateOptions {
  /** How the files import each other. Default `js`, which every TypeScript resolves to the `.ts` file. */
  readonly importExtension?: ImportExtension
}

/**
 * Writes the client of a deployment: a file for each plugin, one that puts them together, and one for Feathers. The same
 * manifest gives the same text. Throws a sentence where something in it cannot be named.
 */
export function generate(
  manifest: Manifest,
  { importExtension = 'js' }: GenerateOptions = {}
): readonly GeneratedFile[] {
  const plan = planClient(manifest)
  return [
    ...plan.parts.map((part) => partFile(plan, part, importExtension)),
    indexFile(plan, importExtension),
    feathersFile(plan, importExtension)
  ]
}
