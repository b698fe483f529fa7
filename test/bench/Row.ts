/** What one benchmark found out about one thing: a value a round, and what the value may be. */
export interface Row {
  readonly what: string
  readonly values: readonly number[]
  readonly unit: string
  /** What is allowed; a row without it is told for information. */
  readonly allowed?: { readonly atMost: number } | { readonly atLeast: number }
}

/** A benchmark: its rows, and what they mean. */
export interface Benchmark {
  /** By which `run.ts` picks it. */
  readonly name: string
  /** What is measured, how, and what is counted to know that the work was done; Markdown. */
  readonly about: string
  /** Measures; rejects where what was counted is not what was sent. */
  readonly run: () => Promise<readonly Row[]>
}
