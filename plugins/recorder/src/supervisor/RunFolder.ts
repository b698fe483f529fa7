import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { DEFAULT_FILE_PATTERN, fileNames, renderFilePattern, type FileNames } from '../ffmpeg/filePattern.ts'
import { errorCode } from './errorCode.ts'
import { repairMp4 } from './repairMp4.ts'
import type { JobSpec, RecordedFile } from './types.ts'

/** Where files are while they are being written, below the job's own folder. */
export const INCOMING = '.incoming'

const MANIFEST = 'run.json'

/** What a later life of the platform has to know to finish the files of a run. */
interface Manifest {
  runId: string
  names: FileNames
  filePattern: string
  timeZone: string
  startedAt: string
}

/** The time that a file covers. */
export interface Span {
  startedAt: Date
  endedAt: Date
}

/** Makes an empty file under the first free name, so that no other can take it before ours is moved there. */
async function reserve(path: string): Promise<string> {
  const ending = extname(path)
  const stem = path.slice(0, path.length - ending.length)
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? path : `${stem}-${count}${ending}`
    try {
      await (await open(candidate, 'wx')).close()
      return candidate
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

/**
 * The folder `.incoming/<runId>` that one run writes to. A file leaves it, under the name that the job's pattern gives, when
 * it is closed and not empty; the pattern may name folders, they are made then. `run.json` in it says how, so that what a dead run left can be finished.
 */
export class RunFolder {
  readonly path: string
  readonly #outputDirectory: string
  readonly #manifest: Manifest

  private constructor(outputDirectory: string, manifest: Manifest) {
    this.#outputDirectory = outputDirectory
    this.#manifest = manifest
    this.path = RunFolder.pathOf(outputDirectory, manifest.runId)
  }

  static pathOf(outputDirectory: string, runId: string): string {
    return join(outputDirectory, INCOMING, runId)
  }

  /** Makes the folder of a new run. */
  static async create(
    spec: JobSpec,
    { runId, timeZone }: { runId: string; timeZone: string }
  ): Promise<RunFolder> {
    const folder = new RunFolder(spec.outputDirectory, {
      runId,
      names: fileNames(spec),
      filePattern: spec.filePattern ?? DEFAULT_FILE_PATTERN,
      timeZone,
      startedAt: new Date().toISOString()
    })
    await mkdir(folder.path, { recursive: true })
    await writeFile(join(folder.path, MANIFEST), JSON.stringify(folder.#manifest))
    return folder
  }

  /** Opens what another life left. @throws when there is no readable manifest */
  static async open(outputDirectory: string, runId: string): Promise<RunFolder> {
    const text = await readFile(join(RunFolder.pathOf(outputDirectory, runId), MANIFEST), 'utf8')
    const manifest: Manifest = JSON.parse(text)
    return new RunFolder(outputDirectory, manifest)
  }

  get startedAt(): Date {
    return new Date(this.#manifest.startedAt)
  }

  /** The files that are still here, in the order in which they were begun. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.path, { withFileTypes: true })
    const files = entries.filter(
      (entry) => entry.isFile() && entry.name !== MANIFEST && !entry.name.endsWith('.tmp')
    )
    return files.map((entry) => entry.name).sort()
  }

  /** When the file was begun and last written to. */
  async span(name: string): Promise<Span> {
    const { birthtime, mtime } = await stat(join(this.path, name))
    // Some file systems know no birth; then it reads as 1970 or as the last change.
    return { startedAt: birthtime.getTime() > 0 && birthtime < mtime ? birthtime : mtime, endedAt: mtime }
  }

  /** Moves a closed file to its place; returns `undefined`, and deletes it, when it is empty. */
  async finalise(name: string, { startedAt, endedAt }: Span): Promise<RecordedFile | undefined> {
    const source = join(this.path, name)
    const { size: bytes } = await stat(source)
    if (bytes === 0) {
      await rm(source)
      return undefined
    }
    const { names, filePattern, timeZone, runId } = this.#manifest
    const rendered = renderFilePattern(filePattern, { names, at: startedAt, timeZone })
    const ending = extname(name)
    const target = join(this.#outputDirectory, rendered.endsWith(ending) ? rendered : rendered + ending)
    await mkdir(dirname(target), { recursive: true })
    const path = await reserve(target)
    await rename(source, path)
    return { jobId: names.jobId, cameraId: names.cameraId, runId, path, startedAt, endedAt, bytes }
  }

  /** The same for a file that nobody closed: what cannot be played of it goes first. */
  async salvage(name: string, span: Span): Promise<RecordedFile | undefined> {
    const path = join(this.path, name)
    if (extname(name) !== '.mp4' || (await repairMp4(path))) return this.finalise(name, span)
    await rm(path)
    return undefined
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}
