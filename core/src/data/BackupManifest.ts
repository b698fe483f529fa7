/** The first entry of a backup: what it is and who can read it. */
export interface BackupManifest {
  readonly format: 1
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** The major version of the Postgres that wrote the data directory. */
  readonly postgresMajor: string
}

/** The names inside a backup. */
export const backupEntries = {
  manifest: 'signalbox-backup.json',
  database: 'database',
  extra: 'extra'
} as const
