import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { emitDeclarations } from './emitDeclarations.ts'
import { temporaryDirectory } from './temporaryDirectory.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The packages whose surface others build upon, each with the file in which it is kept for review. */
export const surfaces: readonly { readonly name: string; readonly file: string }[] = ['plugin', 'client'].map(
  (name) => ({ name, file: join(root, 'sdk', name, 'surface.txt') })
)

/**
 * What a package of `sdk` exports: the declarations that TypeScript makes of every file that its index exports from,
 * without comments, imports and the rest of the package.
 */
export async function publicSurface(name: string): Promise<string> {
  const { path, remove } = await temporaryDirectory()
  try {
    await emitDeclarations(name, path, ['--removeComments'])
    const index = await readFile(join(path, 'index.d.ts'), 'utf8')
    const parts = await Promise.all(
      index
        .trim()
        .split('\n')
        .toSorted()
        .map(async (line) => {
          const file = /'\.\/(.*)\.ts'/.exec(line)?.[1] ?? ''
          const declarations = await readFile(join(path, `${file}.d.ts`), 'utf8')
          return `${line}\n${declarations.replaceAll(/^(import [^;]*|export \{\});\n/gm, '')}`
        })
    )
    const style = await resolveConfig(join(root, 'sdk', name, 'surface.ts'))
    return await format(parts.join('\n'), { ...style, parser: 'typescript' })
  } finally {
    await remove()
  }
}
