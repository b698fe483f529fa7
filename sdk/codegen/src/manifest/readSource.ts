import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { Manifest } from './Manifest.ts'
import { parseManifest } from './parseManifest.ts'

const wellKnown = '/.well-known/signalbox.json'
const deadlineMs = 30_000

/**
 * Reads a manifest: from a deployment by its URL, base path included, or the URL of a JSON file; from a file; or from
 * standard input, which is `-`. Throws a sentence where it cannot be read.
 */
export async function readSource(source: string): Promise<Manifest> {
  if (source === '-') return parseManifest(await text(process.stdin), 'Standard input')
  if (/^https?:\/\//i.test(source)) return fetchManifest(addressOf(source))
  return parseManifest(await readText(source), source)
}

function addressOf(source: string): URL {
  if (!URL.canParse(source)) throw new Error(`${source} is no URL.`)
  const url = new URL(source)
  if (url.username || url.password)
    throw new Error(
      `Leave the user name and the password out of the URL of ${url.host}, which would be told on.`
    )
  if (!url.pathname.endsWith('.json')) url.pathname = url.pathname.replace(/\/*$/, wellKnown)
  return url
}

async function fetchManifest(url: URL): Promise<Manifest> {
  const signal = AbortSignal.timeout(deadlineMs)
  try {
    const response = await fetch(url, { signal, headers: { accept: 'application/json' } })
    if (response.ok) return parseManifest(await response.text(), url.href)
    await response.body?.cancel()
    throw new Error(`${url.href} answers ${response.status} ${response.statusText}.`.replace(' .', '.'))
  } catch (error) {
    if (signal.aborted)
      throw new Error(`${url.href} does not answer within ${deadlineMs / 1000} seconds.`, { cause: error })
    const { cause } = error as { readonly cause?: { readonly code?: string; readonly message?: string } }
    if (!cause) throw error
    throw new Error(`${url.href} cannot be reached: ${cause.code ?? cause.message}.`, { cause: error })
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : String(code)
    throw new Error(`${file} cannot be read: ${reason}.`, { cause: error })
  }
}
