/** One value of a metric. */
export interface Sample {
  /** What a histogram’s samples add to the name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string
  readonly labels?: Record<string, string>
  readonly value: number
}

/** One metric with its samples, in the terms of Prometheus. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly samples: Sample[]
}
