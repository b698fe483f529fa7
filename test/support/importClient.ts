import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Client } from '@signalbox/client'
import { generate, readSource, writeClient } from '@signalbox/codegen'
import { temporaryDirectory } from './temporaryDirectory.ts'

/** A generated client, as an application imports it; what it is a client of is known only here and now. */
export interface ImportedClient {
  createClient(options: { readonly url: string; readonly timeoutMs?: number }): Client<Record<string, any>>
  remove(): Promise<void>
}

/** Generates the client of a running platform from the manifest that it serves, and imports what was written. */
export async function importClient(url: string): Promise<ImportedClient> {
  const { path, remove } = await temporaryDirectory()
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(path, 'node_modules'))
  const directory = join(path, 'signalbox')
  await mkdir(directory)
  await writeClient(directory, generate(await readSource(url)))
  const { createClient } = await import(pathToFileURL(join(directory, 'index.ts')).href)
  return { createClient, remove }
}
