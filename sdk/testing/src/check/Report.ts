/** What became of one check. */
export interface Finding {
  /** What is so, or should be. */
  readonly title: string
  /** Why it is not, a sentence each. */
  readonly faults?: readonly string[]
  /** What is worth knowing though nothing is wrong. */
  readonly notes?: readonly string[]
}

/** Prints a line for each check, and below it what is wrong. */
export class Report {
  readonly #print: (line: string) => void
  #failures = 0

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  get failures(): number {
    return this.#failures
  }

  add({ title, faults = [], notes = [] }: Finding): void {
    if (faults.length > 0) this.#failures++
    this.#print(`${faults.length > 0 ? 'FAIL ' : 'ok   '} ${title}`)
    for (const line of [...faults, ...notes].flatMap((text) => text.split('\n'))) this.#print(`      ${line}`)
  }
}
