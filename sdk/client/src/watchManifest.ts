import type { ClientOptions } from './Client.ts'
import type { Connection } from './realtime/Connection.ts'

export interface ManifestWatch extends Pick<ClientOptions, 'manifestHash' | 'onStale'> {
  /** The address of the platform, its base path included, without a slash at the end. */
  readonly url: string
  readonly fetch: typeof fetch
  readonly closing: AbortSignal
  readonly connection: Connection
}

/** Asks now, and after each connect, whether the platform still is what the client was made for. */
export function watchManifest(watch: ManifestWatch): void {
  const { url, fetch, closing, connection, manifestHash, onStale } = watch
  if (!manifestHash || !onStale) return
  const ask = async (): Promise<void> => {
    const asked = { method: 'HEAD', signal: closing }
    const { ok, headers } = await fetch(`${url}/.well-known/signalbox.json`, asked)
    if (ok && !headers.get('etag')?.includes(manifestHash)) onStale()
  }
  // Who cannot ask, or may not, does not know.
  const look = (): void => void ask().catch(() => {})
  connection.onChange((state) => state === 'connected' && look())
  look()
}
