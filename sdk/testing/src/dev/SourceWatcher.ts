import { existsSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Editors write a file in several steps. */
const settleMs = 100

/** Calls back when one of the files that it was told of changes, comes or goes. */
export class SourceWatcher {
  readonly #onChange: (name: string) => void
  readonly #files = new Set<string>()
  #folders = new Map<string, FSWatcher>()
  #timer: NodeJS.Timeout | undefined

  constructor(onChange: (name: string) => void) {
    this.#onChange = onChange
  }

  add(path: string): void {
    this.#files.add(path)
    // A folder outlives a file that is written anew under its name; one that is missing may come.
    let folder = dirname(path)
    while (!existsSync(folder)) {
      this.#files.add(folder)
      folder = dirname(folder)
    }
    if (this.#folders.has(folder)) return
    const watcher = watch(folder, (_, name) => this.#hear(join(folder, name ?? '')))
    watcher.on('error', () => this.#folders.delete(folder))
    this.#folders.set(folder, watcher)
  }

  /** Looks at every folder anew: one that was removed and made again is another. */
  renew(): void {
    const former = this.#folders
    this.#folders = new Map()
    for (const path of this.#files) this.add(path)
    for (const watcher of former.values()) watcher.close()
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#folders.values()) watcher.close()
    this.#folders.clear()
  }

  #hear(path: string): void {
    if (!this.#files.has(path)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#onChange(basename(path)), settleMs)
  }
}
