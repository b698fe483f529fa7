/** When a task recurs. */
export interface Schedule {
  /** A cron expression of five fields, or an interval in milliseconds. */
  readonly every: string | number
  /** The IANA time zone in which the cron expression is read. */
  readonly timeZone: string
}
