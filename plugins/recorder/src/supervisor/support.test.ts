// What the tests of the recorder's processes share. It holds no test itself; the name keeps it out of the package.
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ffmpeg } from '../ffmpeg/Ffmpeg.ts'
import { packagedBinary } from '../ffmpeg/executable.ts'
import { locateFfmpeg } from '../ffmpeg/locateFfmpeg.ts'
import { runTool } from '../ffmpeg/runTool.ts'
import type { Clock, ClockTimer } from './Clock.ts'
import type { CameraSource, JobSpec } from './types.ts'

export const CACHE = join(tmpdir(), 'signalbox-test-ffmpeg')

/** Resolves when the condition holds. @throws after `withinMs`, with what was waited for */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { withinMs = 10_000 } = {}
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A clock that stands still until it is moved. */
export class HandClock implements Clock {
  #time = 0
  #next = 1
  readonly #timers = new Map<number, { at: number; callback: () => void }>()

  now(): number {
    return Date.UTC(2026, 0, 2, 3, 4, 5) + this.#time
  }

  monotonic(): number {
    return this.#time
  }

  setTimeout(callback: () => void, ms: number): number {
    this.#timers.set(this.#next, { at: this.#time + ms, callback })
    return this.#next++
  }

  clearTimeout(timer: ClockTimer): void {
    if (typeof timer === 'number') this.#timers.delete(timer)
  }

  /** Milliseconds until each timer, shortest first. */
  get pending(): number[] {
    return [...this.#timers.values()].map(({ at }) => at - this.#time).sort((a, b) => a - b)
  }

  /** Moves time on and fires what is due, in order. With `late`, all of it only at the end. */
  advance(ms: number, { late = false } = {}): void {
    const until = this.#time + ms
    if (late) this.#time = until
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)
      if (!next) break
      this.#timers.delete(next[0])
      this.#time = Math.max(this.#time, next[1].at)
      next[1].callback()
    }
    this.#time = until
  }
}

export const testCamera: CameraSource = { id: 'cam-1', name: 'Gate/1', protocol: 'test', url: '' }

export function jobSpec(outputDirectory: string, changes: Partial<JobSpec> = {}): JobSpec {
  return {
    id: 'job-1',
    name: 'Gate',
    action: 'record',
    triggerType: 'continuous',
    outputDirectory,
    outputFormat: 'mp4',
    segmentDuration: 1,
    codec: 'copy',
    extraArgs: [],
    maxRetries: 3,
    camera: testCamera,
    ...changes
  }
}

/** A job that runs a small script of Node. */
export function scriptSpec(outputDirectory: string, script: string, changes: Partial<JobSpec> = {}): JobSpec {
  const customCommand = { program: process.execPath, args: ['-e', script] }
  return jobSpec(outputDirectory, { action: 'custom_command', customCommand, ...changes })
}

/** The ffmpegs of this machine that differ: the system's and the packaged one. */
export async function installedFfmpegs(): Promise<{
  system: Ffmpeg | undefined
  packaged: Ffmpeg | undefined
}> {
  const packagedPath = await packagedBinary('@ffmpeg-installer/ffmpeg')
  const system = await locateFfmpeg({ cacheDirectory: CACHE, env: { PATH: process.env.PATH } })
  const packaged = packagedPath
    ? await locateFfmpeg({ cacheDirectory: CACHE, configuredPath: packagedPath, env: {} })
    : undefined
  return { system: system.ffmpeg?.origin === 'PATH' ? system.ffmpeg : undefined, packaged: packaged?.ffmpeg }
}

/** Says that something was not tested here, and how to have it tested. */
export function notTested(context: Mocha.Context, ffmpeg: 'system' | 'packaged'): never {
  const way = ffmpeg === 'system' ? 'apt-get install ffmpeg' : 'npm install @ffmpeg-installer/ffmpeg'
  console.log(`      not tested with the ${ffmpeg} ffmpeg: ${way}`)
  context.skip()
}

/** What ffmpeg finds wrong with a file when it decodes all of it; empty for a good one. */
export async function faultsOf(ffmpeg: Ffmpeg, path: string): Promise<string> {
  const { stderr, exitCode } = await runTool(ffmpeg.path, ['-v', 'error', '-i', path, '-f', 'null', '-'])
  return exitCode === 0 ? stderr : `${exitCode} ${stderr}`
}

/** The command lines of all processes, as `ps` shows them. */
export async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
}

/** False for a zombie too, which nobody has waited for yet. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
  } catch {
    return false
  }
}

/** Node's arguments for a program of TypeScript. */
export const tsArguments = ['--import', createRequire(import.meta.url).resolve('tsx'), '--conditions=source']
