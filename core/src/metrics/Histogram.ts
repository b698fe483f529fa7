import type { Metric, Sample } from './Metric.ts'

interface Series {
  readonly labels: Record<string, string>
  /** For each bound the values that are at most that, and not at most the one before. */
  readonly counts: number[]
  sum: number
  count: number
}

/** Sorts values into buckets, apart for each set of label values. */
export class Histogram {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #series = new Map<string, Series>()

  /** @param bounds upper bounds, ascending; what is above the last is counted too */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name
    this.#help = help
    this.#bounds = bounds
  }

  observe(labels: Record<string, string>, value: number): void {
    const key = Object.values(labels).join('\n')
    let series = this.#series.get(key)
    if (!series) {
      series = { labels, counts: this.#bounds.map(() => 0), sum: 0, count: 0 }
      this.#series.set(key, series)
    }
    const bucket = this.#bounds.findIndex((bound) => value <= bound)
    if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.sum += value
    series.count++
  }

  read(): Metric {
    const samples = [...this.#series.values()].flatMap((series) => this.#samplesOf(series))
    return { name: this.#name, help: this.#help, type: 'histogram', samples }
  }

  #samplesOf({ labels, counts, sum, count }: Series): Sample[] {
    let below = 0
    const buckets = this.#bounds.map((bound, n) => {
      below += counts[n] ?? 0
      return { suffix: '_bucket', labels: { ...labels, le: String(bound) }, value: below }
    })
    return [
      ...buckets,
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
      { suffix: '_sum', labels, value: sum },
      { suffix: '_count', labels, value: count }
    ]
  }
}
