import { execFile } from 'node:child_process'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A file system of a few megabytes that a test fills. */
export interface SmallDisk {
  readonly path: string
  /** Writes until nothing more goes in. */
  fill(): Promise<void>
  /** Takes back what `fill` wrote. */
  free(): Promise<void>
  unmount(): Promise<void>
}

/** Mounts one at `path`. @throws where this user may not mount */
export async function mountTmpfs(path: string, { megabytes }: { megabytes: number }): Promise<SmallDisk> {
  await mkdir(path, { recursive: true })
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'signalbox-test', path])
  const ballast = join(path, 'ballast')
  return {
    path,
    async fill() {
      const file = await open(ballast, 'a')
      try {
        // Smaller and smaller, so that not one page is left.
        for (const bytes of [65_536, 4_096]) while (await fits(file.write(Buffer.alloc(bytes)))) continue
      } finally {
        await file.close()
      }
    },
    free: () => rm(ballast, { force: true }),
    async unmount() {
      await run('umount', ['--lazy', path])
    }
  }
}

async function fits(write: Promise<{ bytesWritten: number }>): Promise<boolean> {
  try {
    return (await write).bytesWritten > 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
