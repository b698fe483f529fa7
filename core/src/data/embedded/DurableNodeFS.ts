import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

type InitOptions = Parameters<NodeFS['init']>[1]
type Initialised = Awaited<ReturnType<NodeFS['init']>>

/** Emscripten's directory mount: a stream has a descriptor when it is an open file, none when it is a directory. */
interface MountedFileSystem {
  stream_ops: { fsync?: (stream: { nfd?: number | null; node: unknown }) => number }
  realPath(node: unknown): string
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * PGlite's directory file system with an fsync that reaches the disk. PGlite's own has none, whatever
 * Postgres is told: a commit would survive the end of the process, but not a power cut.
 */
export class DurableNodeFS extends NodeFS {
  /** How many times Postgres has asked for durability. */
  syncs = 0

  override async init(database: PGlite, options: InitOptions): Promise<Initialised> {
    const initialised = await super.init(database, options)
    initialised.emscriptenOpts.preRun?.push((module) => {
      const { NODEFS }: { NODEFS: any } = module
      const mounted: MountedFileSystem = NODEFS
      mounted.stream_ops.fsync = ({ nfd, node }) => {
        this.syncs++
        if (nfd === undefined || nfd === null) syncDirectory(mounted.realPath(node))
        else fdatasyncSync(nfd)
        return 0
      }
    })
    return initialised
  }
}
