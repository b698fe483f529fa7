function lastNumber(text: string, key: string): number {
  const at = text.lastIndexOf(key)
  return at < 0 ? Number.NaN : Number.parseInt(text.slice(at + key.length, at + key.length + 24), 10)
}

/**
 * Reads what ffmpeg writes to `-progress`: is the work going on? A number cut in two by the pipe reads too small,
 * which passes for no growth until the next report.
 */
export class ProgressReader {
  #frames = 0
  #outTime = 0

  /** Frames written so far. */
  get frames(): number {
    return this.#frames
  }

  /** Takes a piece of the report; true when frames, or the time of a stream without pictures, have grown. */
  write(chunk: string): boolean {
    const frames = lastNumber(chunk, 'frame=')
    // Microseconds, whatever the name says; ffmpeg 4.1 has no other.
    const outTime = lastNumber(chunk, 'out_time_ms=')
    const grew = frames > this.#frames || outTime > this.#outTime
    if (frames > this.#frames) this.#frames = frames
    if (outTime > this.#outTime) this.#outTime = outTime
    return grew
  }
}
