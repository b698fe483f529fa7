import type { Metric } from './Metric.ts'

/** Counts, apart for each set of label values. Labels come from a fixed list, never from what a caller sent. */
export class Counter {
  readonly #name: string
  readonly #help: string
  readonly #series = new Map<string, { readonly labels: Record<string, string>; value: number }>()

  constructor(name: string, help: string) {
    this.#name = name
    this.#help = help
  }

  add(labels: Record<string, string>): void {
    const key = Object.values(labels).join('\n')
    const series = this.#series.get(key)
    if (series) series.value++
    else this.#series.set(key, { labels, value: 1 })
  }

  read(): Metric {
    return { name: this.#name, help: this.#help, type: 'counter', samples: [...this.#series.values()] }
  }
}
