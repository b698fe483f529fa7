/**
 * How the files of a command become known: `listed` by ffmpeg on file descriptor 3 as each is closed; `scanned`, because
 * each appears whole in the folder of the run; or there are none.
 */
export type FileReport = 'listed' | 'scanned' | 'none'

/** A process to be run: built from a job by one of the templates here, free of credentials in `args`. */
export interface Command {
  program: string
  args: readonly string[]
  /** Written to the standard input, which is then closed. May hold credentials. */
  stdin?: string
  /** The URL that `REDIRECT_URL` in `args` has to lead to. May hold credentials. */
  redirectTo?: string
  /** Ends by itself when its work is done; anything else that ends unasked has failed. */
  endsByItself: boolean
  /** Writes ffmpeg's progress to the standard output. */
  reportsProgress: boolean
  /** Writes the share of changed pixels to the log. */
  reportsMotion: boolean
  files: FileReport
  /** A second of film is not a second of time. */
  compressesTime: boolean
  /** Milliseconds without progress after which the process counts as stalled. */
  stallAfterMs: number
}

/** Stands in the arguments for the address of a `Redirect`. */
export const REDIRECT_URL = 'rtsp://127.0.0.1/'

/**
 * A process that brings nothing for so long is ended. More than twice `INPUT_TIMEOUT_MS`: after so long ffmpeg ends by itself,
 * with its last file in order.
 */
export const STALL_AFTER_MS = 15_000
