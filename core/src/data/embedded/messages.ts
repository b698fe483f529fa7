import type { ArchiveOptions } from '../writeArchive.ts'

/** What the worker thread is started with. */
export interface WorkerInput {
  readonly directory: string
  /** Whether to make the cluster; never on a restart, where its absence means that a volume went away. */
  readonly create: boolean
}

/** From the host's thread to the worker. `stream` numbers the connection that `bytes` of the wire protocol belong to. */
export type WorkerRequest =
  | { readonly type: 'data'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly type: 'ping' }
  | { readonly type: 'dump'; readonly archive: ArchiveOptions }
  | { readonly type: 'close' }

/** From the worker to the host's thread. */
export type WorkerReply =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: string | undefined; readonly message: string }
  | { readonly type: 'data'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly type: 'pong' }
  | { readonly type: 'dumped'; readonly error?: string }
  | { readonly type: 'closed' }
