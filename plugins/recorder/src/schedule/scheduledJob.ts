/** The fields of a job that decide when it should be recording. A field without a value may be null. */
export interface ScheduledJob {
  /**
   * `continuous` records until it is stopped, `fixed_duration` for `duration`; `oneshot` acts at an instant
   * (a snapshot) and is over.
   */
  triggerType: 'continuous' | 'oneshot' | 'fixed_duration'
  /** Starts the job: a cron of five fields, or of six with seconds first. Without one it is started by hand. */
  cron?: string | null | undefined
  /** Stops it. */
  cronStop?: string | null | undefined
  /** Stops it too, so many seconds after its start; what comes first, this or `cronStop`, counts. */
  duration?: number | null | undefined
  /** The first day on which it may record: `YYYY-MM-DD`, or `--MM-DD` when the period recurs. */
  periodStart?: string | null | undefined
  /** The last day, in the same form; it still belongs to the period. */
  periodEnd?: string | null | undefined
  /** Whether the period comes back every year. It may then run over New Year. */
  periodRecurrent?: boolean | null | undefined
  enabled: boolean
}

/** Where the site is. */
export interface SiteClock {
  /** An IANA name: `Europe/Paris`. Crons and period dates are read on this zone's wall clock. */
  timeZone: string
}
