const LONGEST_LINE = 2_000

/** Takes text as it comes from a pipe. */
export interface LineSplitter {
  write(chunk: string): void
  /** Hands on what has no end of line yet. */
  end(): void
}

/** Cuts a stream of text into lines without their ends; an overlong line is cut short. */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  let rest = ''
  return {
    write(chunk) {
      const lines = (rest + chunk).split(/\r\n|\n|\r/)
      rest = (lines.pop() ?? '').slice(0, LONGEST_LINE)
      for (const line of lines) if (line !== '') onLine(line.slice(0, LONGEST_LINE))
    },
    end() {
      if (rest !== '') onLine(rest)
      rest = ''
    }
  }
}
