import type { Command } from '../ffmpeg/commands/Command.ts'
import type { RunFolder, Span } from './RunFolder.ts'
import { splitLines } from './splitLines.ts'
import type { RecordedFile } from './types.ts'

/** Options of a `FileKeeper`. */
export interface FileKeeperOptions {
  folder: RunFolder
  command: Command
  now: () => number
  onFile: (file: RecordedFile) => void
  /** A file that could not be moved; it stays in the folder of the run, for `adoptLeftovers`. */
  onError: (error: unknown) => void
}

/** Brings the files of one run to their places, one after the other, as they are closed. */
export class FileKeeper {
  readonly #folder: RunFolder
  readonly #command: Command
  readonly #now: () => number
  readonly #onFile: (file: RecordedFile) => void
  readonly #onError: (error: unknown) => void
  readonly #list = splitLines((line) => this.#closed(line))
  #lastEnd: Date | undefined
  #work: Promise<void> = Promise.resolve()
  #failed = false

  constructor({ folder, command, now, onFile, onError }: FileKeeperOptions) {
    this.#folder = folder
    this.#command = command
    this.#now = now
    this.#onFile = onFile
    this.#onError = onError
  }

  /** Takes a piece of ffmpeg's list: a line `name,start,end` in seconds for each file, when it is closed. */
  readList(chunk: string): void {
    this.#list.write(chunk)
  }

  /** Looks for whole files in the folder of the run. */
  scan(): void {
    if (this.#command.files !== 'scanned') return
    this.#queue(async () => {
      for (const name of await this.#folder.files()) {
        this.#tell(await this.#folder.finalise(name, await this.#folder.span(name)))
      }
    })
  }

  /** After the end of the process: takes what nobody closed too, and clears the folder away. */
  async finish(): Promise<void> {
    this.#list.end()
    if (this.#command.files === 'scanned') this.scan()
    else this.#queue(() => this.#takeUnclosed())
    await this.#work
    if (!this.#failed) await this.#folder.remove()
  }

  #closed(line: string): void {
    const [name = '', start, end] = line.split(',')
    const endedAt = new Date(this.#now())
    const lasted = (Number(end) - Number(start)) * 1_000
    // When the line came, less what the file lasts, is nearer to the truth than when the file was opened.
    const startedAt = this.#command.compressesTime ? this.#lastEnd : new Date(endedAt.getTime() - lasted)
    this.#lastEnd = endedAt
    this.#queue(async () => {
      const span: Span = { startedAt: startedAt ?? this.#folder.startedAt, endedAt }
      // On a full disk ffmpeg lists a file that it could not write to its end.
      this.#tell(await this.#folder.salvage(name, span))
    })
  }

  async #takeUnclosed(): Promise<void> {
    for (const name of await this.#folder.files()) {
      const span = await this.#folder.span(name)
      this.#tell(await this.#folder.salvage(name, { ...span, startedAt: this.#lastEnd ?? span.startedAt }))
    }
  }

  #tell(file: RecordedFile | undefined): void {
    if (file) this.#onFile(file)
  }

  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#failed = true
      this.#onError(error)
    })
  }
}
