import { join } from 'node:path'
import { runNpm } from './runNpm.ts'

/** A package as it would be published. */
export interface Packed {
  readonly name: string
  readonly version: string
  /** The tarball. */
  readonly file: string
  /** The paths in it. */
  readonly paths: readonly string[]
  /** In bytes, compressed. */
  readonly size: number
}

/** Packs a folder, or takes a tarball, into a directory. Scripts such as `prepack` run. */
export async function packPackage(spec: string, directory: string): Promise<Packed> {
  const printed = await runNpm(['pack', spec, '--json', '--pack-destination', directory], directory)
  // What scripts print comes before it.
  const [packed] = JSON.parse(printed.slice(printed.search(/^\[/m))) as [
    {
      readonly name: string
      readonly version: string
      readonly filename: string
      readonly size: number
      readonly files: readonly { readonly path: string }[]
    }
  ]
  return {
    name: packed.name,
    version: packed.version,
    file: join(directory, packed.filename),
    paths: packed.files.map(({ path }) => path),
    size: packed.size
  }
}
