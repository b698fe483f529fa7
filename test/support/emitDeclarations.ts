import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from '../e2e/runCommand.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** TypeScript 7, with which we build, and the 5.9 that many a project has. */
export const compilers = {
  7: join(root, 'node_modules/typescript/bin/tsc'),
  5.9: join(root, 'test/node_modules/typescript/bin/tsc')
}

/** Writes the declarations of a package of `sdk`, as its sources are now, into a directory. */
export async function emitDeclarations(
  name: string,
  directory: string,
  options: readonly string[] = []
): Promise<void> {
  const project = ['-p', join(root, 'sdk', name), '--outDir', directory]
  const declare = ['--declaration', '--emitDeclarationOnly', '--declarationMap', 'false', '--noCheck']
  const alone = ['--composite', 'false', '--tsBuildInfoFile', 'null']
  const { code, output } = await runToEnd(
    process.execPath,
    [compilers[7], ...project, ...declare, ...alone, ...options],
    { cwd: root, timeoutMs: 120_000 }
  )
  if (code !== 0) throw new Error(output)
}
