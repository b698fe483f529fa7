function snakeCase(word: string): string {
  return word
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
}

/**
 * The environment variable of a path of names.
 *
 * @example
 * variableName(['telephony', 'ami', 'host']) // 'SIGNALBOX_TELEPHONY_AMI_HOST'
 * variableName(['recorder', 'retentionMaxGB']) // 'SIGNALBOX_RECORDER_RETENTION_MAX_GB'
 */
export function variableName(words: readonly string[]): string {
  return ['SIGNALBOX', ...words.map(snakeCase)].join('_')
}
