export interface ConfigErrorOptions {
  readonly cause?: unknown
}

/**
 * A configuration that cannot be used. `faults` holds every fault that was found, one sentence each; the message
 * is the same, one line for each. The value of a secret is in neither. Compare by `code`.
 */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID'
  readonly faults: readonly string[]

  constructor(faults: readonly string[], options: ConfigErrorOptions = {}) {
    super(faults.join('\n'), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ConfigError'
    this.faults = faults
  }
}
