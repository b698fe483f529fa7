import { manifestFormat, type Manifest } from './Manifest.ts'

const lists = ['plugins', 'resources', 'services', 'commands'] as const

/** The manifest in a text. Throws a sentence about `source`, by which the text is known, where there is none in it. */
export function parseManifest(text: string, source: string): Manifest {
  const manifest = parse(text, source) as Partial<Manifest> | null
  const format: unknown = manifest?.$type
  if (typeof format !== 'string' || !format.startsWith('signalbox/manifest@'))
    throw new Error(`${source} is no manifest of a Signalbox deployment.`)
  if (format !== manifestFormat)
    throw new Error(
      `${source} is a manifest of the format ${format}, and this @signalbox/codegen reads ${manifestFormat}: ` +
        'install the version that goes with the deployment.'
    )
  const missing = lists.find((list) => !Array.isArray(manifest?.[list]))
  if (missing !== undefined || typeof manifest?.hash !== 'string')
    throw new Error(`${source} is not whole: it has no ${missing ?? 'hash'}.`)
  check(manifest as Manifest, source)
  return manifest as Manifest
}

/** Both become code, and a file's name: what a stranger answers must not be more than that. */
function check({ hash, plugins }: Manifest, source: string): void {
  if (!/^[0-9a-f]+$/.test(hash))
    throw new Error(`${source} has the hash ${JSON.stringify(hash)}, which is none.`)
  const odd = plugins.find(({ short }) => !/^[a-z0-9][\w.~-]*$/i.test(short))
  if (odd)
    throw new Error(`${source} has a plugin with the short name ${JSON.stringify(odd.short)}, which is none.`)
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${source} is no JSON, and so no manifest.`)
  }
}
