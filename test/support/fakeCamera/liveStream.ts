import { performance } from 'node:perf_hooks'
import { type AccessUnit, isSlice } from './accessUnits.ts'
import type { Faults } from './faults.ts'
import { stampNal } from './stamp.ts'

/** An access unit that is on the air. */
export interface Picture extends AccessUnit {
  /** On the 90 kHz clock of RTP and MPEG-TS; not wrapped. */
  timestamp: number
}

/** Gets every picture of a stream, encoded once for all, beginning with a keyframe. */
export type Viewer<Encoded> = (encoded: Encoded) => void

export interface LiveStreamOptions<Encoded> {
  video: AccessUnit[]
  fps: number
  /** Whether each picture carries the time at which it was taken. */
  stamp: boolean
  faults: Faults
  encode: (picture: Picture) => Encoded
}

/**
 * Loops a video in real time for any number of viewers. It runs while anybody looks; its first viewer gets
 * the first keyframe at once, one that joins later waits for the next.
 */
export class LiveStream<Encoded> {
  readonly #options: LiveStreamOptions<Encoded>
  readonly #interval: number
  readonly #viewers = new Set<Viewer<Encoded>>()
  readonly #waiting = new Set<Viewer<Encoded>>()
  #timer?: NodeJS.Timeout
  #startedAt = 0
  #wallClock = 0
  /** Picture intervals since the start; time goes on through a freeze. */
  #ticks = 0
  /** Pictures shown since the start; the loop stands still through a freeze. */
  #shown = 0

  constructor(options: LiveStreamOptions<Encoded>) {
    this.#options = options
    this.#interval = 1000 / options.fps
  }

  add(viewer: Viewer<Encoded>): void {
    this.#viewers.add(viewer)
    this.#waiting.add(viewer)
    if (this.#viewers.size === 1) this.#start()
  }

  delete(viewer: Viewer<Encoded>): void {
    this.#viewers.delete(viewer)
    this.#waiting.delete(viewer)
    if (this.#viewers.size === 0) clearTimeout(this.#timer)
  }

  #start(): void {
    this.#startedAt = performance.now()
    this.#wallClock = Date.now()
    this.#ticks = 0
    this.#shown = 0
    this.#wait(0)
  }

  /** Sends all that is due: the beat is that of the clock, however late a timer fires. */
  #catchUp(): void {
    while (this.#viewers.size > 0 && this.#due() <= performance.now()) {
      if (!this.#options.faults.frozen) this.#show()
      this.#ticks++
    }
    if (this.#viewers.size > 0) this.#wait(this.#due() - performance.now())
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#catchUp(), Math.max(0, ms))
  }

  #due(): number {
    return this.#startedAt + this.#ticks * this.#interval
  }

  #show(): void {
    const { video, encode } = this.#options
    const unit = video[this.#shown++ % video.length]
    if (!unit) return
    const encoded = encode(this.#picture(unit))
    for (const viewer of this.#viewers) {
      if (this.#waiting.has(viewer) && !unit.keyframe) continue
      this.#waiting.delete(viewer)
      viewer(encoded)
    }
  }

  #picture({ nals, keyframe }: AccessUnit): Picture {
    const { stamp, faults } = this.#options
    const timestamp = Math.round((this.#due() + faults.jump * 1000) * 90)
    if (!stamp) return { nals, keyframe, timestamp }
    const takenAt = this.#wallClock + this.#ticks * this.#interval
    const slices = nals.findIndex(isSlice)
    return { nals: nals.toSpliced(slices, 0, stampNal(takenAt)), keyframe, timestamp }
  }
}
