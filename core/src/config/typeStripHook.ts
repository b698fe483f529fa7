import { transformSync } from '@swc/wasm-typescript'
import { readFile } from 'node:fs/promises'
import type { LoadHook } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Where the syntax error is. The hooks' thread hands only the message over, so it must be in it. */
interface StripError {
  readonly message: string
  readonly startLine?: number
}

function explain(path: string, { message, startLine = 1 }: StripError): SyntaxError {
  return new SyntaxError(`${path}:${startLine}: ${message}`)
}

async function stripTypes(url: string): Promise<string> {
  const path = fileURLToPath(url)
  const text = await readFile(path, 'utf8')

  try {
    return transformSync(text, { mode: 'strip-only', filename: path }).code
  } catch (error: any) {
    throw explain(path, error)
  }
}

/**
 * A module hook for a Node that does not know TypeScript: takes the types off `.ts` and `.mts`, and leaves the URL,
 * so that every importer gets the same module. Another loader that knows TypeScript goes first. Packages are left
 * alone, as a Node that strips types does.
 */
export const load: LoadHook = async (url, context, nextLoad) => {
  try {
    return await nextLoad(url, context)
  } catch (error: any) {
    const isUnknown = error.code === 'ERR_UNKNOWN_FILE_EXTENSION'
    const { pathname } = new URL(url)
    if (!isUnknown || !/\.m?ts$/.test(pathname) || pathname.includes('/node_modules/')) throw error

    return { format: 'module', source: await stripTypes(url), shortCircuit: true }
  }
}
