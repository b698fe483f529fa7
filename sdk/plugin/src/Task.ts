/** Deferred or recurring work of the platform. */
export interface Task {
  /** Unique within the plugin. */
  readonly name: string
  /** A cron expression of five fields in the site's time zone, or an interval in milliseconds. */
  readonly every: string | number
  /** Milliseconds after which a run is given up and said in the log. Default 10 minutes. */
  readonly timeout?: number
  run(signal: AbortSignal): Promise<void>
}
