import type { PlatformConfig } from '../config/PlatformConfig.ts'
import type { Database } from '../data/Database.ts'
import type { PluginStatus } from '../plugins/Lifecycle.ts'
import type { RedisStatus } from '../realtime/RedisStream.ts'
import { version } from '../platform/version.ts'

export interface HealthReport {
  readonly status: 'ok' | 'degraded'
  readonly name: string
  readonly version: string
  /** Seconds. */
  readonly uptime: number
  readonly startedAt: string
  readonly auth: 'session' | 'open'
  readonly reasons: string[]
}

/** Whether the platform is well, from what is known anyway: asking costs nothing. */
export class Health {
  ready = false
  readonly #config: PlatformConfig
  readonly #database: Database
  readonly #startedAt = new Date()

  constructor(config: PlatformConfig, database: Database) {
    this.#config = config
    this.#database = database
  }

  /** Seconds since the start. */
  get uptime(): number {
    return (Date.now() - this.#startedAt.getTime()) / 1000
  }

  report(plugins: Readonly<Record<string, PluginStatus>>, redis: RedisStatus | undefined): HealthReport {
    const reasons = Object.entries(plugins)
      .filter(([, { state }]) => state === 'failed')
      .map(([name]) => `the plugin ${name} does not run`)
    if (redis?.state === 'down') reasons.unshift('Redis fails: named events stay on their own node')
    if (this.#database.state() === 'down') reasons.unshift('the database does not answer')
    return {
      status: reasons.length ? 'degraded' : 'ok',
      name: this.#config.name,
      version,
      uptime: this.uptime,
      startedAt: this.#startedAt.toISOString(),
      auth: this.#config.auth.mode,
      reasons
    }
  }
}
