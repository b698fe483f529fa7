import { platformSchema } from './platformSchema.ts'
import type { Schema } from './Schema.ts'
import { fieldSchema } from './Schema.ts'
import type { Variable } from './Variable.ts'

/** The environment variables of the host and the paths that they set. */
const paths = {
  HOST: 'host',
  PORT: 'port',
  DATABASE_URL: 'databaseUrl',
  SIGNALBOX_DATA: 'dataDirectory',
  SIGNALBOX_SECRET: 'secret',
  SIGNALBOX_SECRET_PREVIOUS: 'previousSecrets',
  SIGNALBOX_ADMIN_EMAIL: 'admin.email',
  SIGNALBOX_ADMIN_PASSWORD: 'admin.password',
  SIGNALBOX_CORS_ORIGINS: 'corsOrigins',
  SIGNALBOX_TRUST_PROXY: 'trustProxy',
  SIGNALBOX_BASE_PATH: 'basePath',
  SIGNALBOX_TIMEZONE: 'timeZone',
  SIGNALBOX_AUTH_MODE: 'auth.mode',
  SIGNALBOX_AUTH_AS: 'auth.as',
  SIGNALBOX_ACCESS_TOKEN_SECONDS: 'tokens.accessSeconds',
  SIGNALBOX_REFRESH_TOKEN_SECONDS: 'tokens.refreshSeconds',
  SIGNALBOX_REMEMBER_TOKEN_SECONDS: 'tokens.rememberSeconds',
  SIGNALBOX_TOKEN_GRACE_SECONDS: 'tokens.graceSeconds',
  SIGNALBOX_LIMIT_REQUESTS_PER_SECOND: 'limits.requestsPerSecond',
  SIGNALBOX_LIMIT_BURST: 'limits.burst',
  SIGNALBOX_WEBSOCKET_HEARTBEAT: 'websocket.heartbeatSeconds',
  SIGNALBOX_WEBSOCKET_MAX_CONNECTIONS: 'websocket.maxConnections',
  SIGNALBOX_WEBSOCKET_FLUSH_MS: 'websocket.flushMs',
  SIGNALBOX_BODY_LIMIT: 'bodyLimit',
  SIGNALBOX_FEED_RETENTION_DAYS: 'feedRetentionDays',
  SIGNALBOX_LOG_LEVEL: 'log.level',
  SIGNALBOX_LOG_FILE: 'log.file',
  SIGNALBOX_DOCS_PUBLIC: 'docs.public',
  SIGNALBOX_METRICS_PUBLIC: 'metrics.public',
  SIGNALBOX_METRICS_TOKEN: 'metrics.token',
  SIGNALBOX_TASKS_MONGO: 'tasks.mongo',
  SIGNALBOX_REDIS_URL: 'redis.url',
  SIGNALBOX_ONLY: 'only'
}

function schemaAt(path: string): Schema {
  return path.split('.').reduce<Schema>((schema, key) => fieldSchema(schema, key)!, platformSchema)
}

export const coreVariables: readonly Variable[] = Object.entries(paths).map(([name, path]) => ({
  name,
  path,
  schema: schemaAt(path)
}))
