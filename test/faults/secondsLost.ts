import { readStamps } from '../support/fakeCamera/index.ts'

/** A time in which the camera sent nothing, in ms since 1970. */
export interface Outage {
  readonly from: number
  readonly to: number
}

/** How a recording is measured. */
export interface LossOptions {
  readonly ffmpeg: string
  readonly fps: number
  /** What nobody could have recorded is not counted as lost. */
  readonly outage: Outage
}

/** Seconds that are missing between the first and the last picture of these files, of what the camera did send. */
export async function secondsLost(
  files: readonly string[],
  { ffmpeg, fps, outage }: LossOptions
): Promise<number> {
  const stamps: number[] = []
  for (const file of files) stamps.push(...(await readStamps(file, { ffmpeg })))
  stamps.sort((one, other) => one - other)
  const interval = 1000 / fps
  let lost = 0
  for (const [index, to] of stamps.entries()) {
    const from = stamps[index - 1] ?? to
    // Stamps are whole milliseconds, and a camera that starts anew begins a new beat.
    if (to - from < 1.5 * interval) continue
    lost += Math.max(0, to - from - interval - overlap({ from, to }, outage))
  }
  return lost / 1000
}

function overlap(one: Outage, other: Outage): number {
  return Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from))
}
