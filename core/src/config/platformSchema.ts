import type { Plugin } from '@signalbox/plugin'
import { Type } from 'typebox'
import { isRedisUrl } from './isRedisUrl.ts'

/** The settings of the host itself, with their defaults. Validation, the types and the reference come from it. */
export const platformSchema = Type.Object({
  name: Type.String({
    default: 'Signalbox',
    minLength: 1,
    description: 'What the deployment is called on its page and in its documents.'
  }),
  host: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'The address to listen on; 0.0.0.0 for every network.'
  }),
  port: Type.Integer({
    default: 3030,
    minimum: 0,
    maximum: 65535,
    description: 'The port to listen on; 0 for any that is free.'
  }),
  basePath: Type.String({
    default: '',
    pattern: '^/*$|^/*(?!\\.{1,2}(/|$))[\\w~.-]+(/(?!\\.{1,2}(/|$))[\\w~.-]+)*/*$',
    expected: 'a path such as /signalbox',
    description: 'The path under which a proxy serves the platform.'
  }),
  databaseUrl: Type.Optional(
    Type.String({
      secret: true,
      pattern: '^(postgres(ql)?://|memory:$)',
      expected: 'a postgres:// or postgresql:// URL, or memory:',
      description:
        'The Postgres database; without it the embedded one, kept in the data directory; memory: for one that ends with the process.'
    })
  ),
  dataDirectory: Type.String({
    default: './data',
    minLength: 1,
    description: 'Where the platform keeps its files; relative to the working directory.'
  }),
  secret: Type.Optional(
    Type.String({
      secret: true,
      minLength: 1,
      description:
        'The key of tokens and of secrets at rest; made and kept in the data directory when absent.'
    })
  ),
  previousSecrets: Type.Array(Type.String({ minLength: 1 }), {
    secret: true,
    default: [],
    description: 'Earlier keys, with which what is at rest can still be read.'
  }),
  admin: Type.Object({
    email: Type.String({
      default: 'admin@signalbox.local',
      pattern: '^[^\\s@]+@[^\\s@]+$',
      expected: 'an e-mail address',
      description: 'The administrator that the first start creates.'
    }),
    password: Type.Optional(
      Type.String({
        secret: true,
        minLength: 1,
        description: 'The first password of that administrator; made up and shown once when absent.'
      })
    )
  }),
  corsOrigins: Type.Array(
    Type.String({
      pattern: '^(\\*|[A-Za-z][A-Za-z0-9+.-]*://[^/\\s]+)$',
      expected: 'an origin such as https://app.example.org, or *'
    }),
    { default: [], description: 'The origins of front-ends that are served from elsewhere.' }
  ),
  trustProxy: Type.Boolean({
    default: false,
    description: 'Whether to believe the X-Forwarded headers of a proxy in front.'
  }),
  timeZone: Type.Refine(
    Type.String({
      expected: 'an IANA time zone such as Europe/Rome',
      defaultText: 'that of the machine',
      description: 'The time zone of schedules and of the days in reports.'
    }),
    isTimeZone
  ),
  auth: Type.Object({
    mode: Type.Union([Type.Literal('session'), Type.Literal('open')], {
      default: 'session',
      description: 'Whether callers sign in, or may call without a token, from this machine only.'
    }),
    as: Type.Optional(
      Type.String({ minLength: 1, description: 'The role of a caller without a token, in open mode.' })
    )
  }),
  tokens: Type.Object({
    accessSeconds: Type.Integer({
      default: 900,
      minimum: 1,
      description: 'How long an access token lives, in seconds.'
    }),
    refreshSeconds: Type.Integer({
      default: 86_400,
      minimum: 1,
      description: 'How long a refresh token lives, in seconds.'
    }),
    rememberSeconds: Type.Integer({
      default: 2_592_000,
      minimum: 1,
      description: 'How long the refresh token of a remembered log-in lives, in seconds.'
    }),
    graceSeconds: Type.Integer({
      default: 60,
      minimum: 0,
      description: 'How long a socket outlives its access token, in seconds, to be given a new one.'
    })
  }),
  limits: Type.Object({
    requestsPerSecond: Type.Integer({
      default: 500,
      minimum: 1,
      description: 'How many requests a second a caller may sustain.'
    }),
    burst: Type.Integer({
      default: 1000,
      minimum: 1,
      description: 'How many requests a caller may make at once, after a pause.'
    })
  }),
  websocket: Type.Object({
    heartbeatSeconds: Type.Integer({
      default: 25,
      minimum: 1,
      description: 'How often a silent connection is asked for a sign of life, in seconds.'
    }),
    maxConnections: Type.Integer({
      default: 20_000,
      minimum: 1,
      description: 'The most sockets that are open at once.'
    }),
    flushMs: Type.Integer({
      default: 5,
      minimum: 0,
      maximum: 100,
      description: 'How many milliseconds events may wait under load, to be sent together; 0 for none.'
    })
  }),
  bodyLimit: Type.Integer({
    default: 1_048_576,
    minimum: 1,
    description: 'The largest body of a request, in bytes.'
  }),
  feedRetentionDays: Type.Integer({
    default: 30,
    minimum: 1,
    description: 'How many days of the change feed are kept.'
  }),
  log: Type.Object({
    level: Type.Union(
      [
        Type.Literal('trace'),
        Type.Literal('debug'),
        Type.Literal('info'),
        Type.Literal('warn'),
        Type.Literal('error'),
        Type.Literal('silent')
      ],
      { default: 'info', description: 'The least important line that is logged.' }
    ),
    file: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Where the log is written; relative to the working directory. Standard error when absent.'
      })
    )
  }),
  docs: Type.Object({
    public: Type.Boolean({ default: true, description: 'Whether the documents of the API are open to all.' })
  }),
  metrics: Type.Object({
    public: Type.Boolean({ default: false, description: 'Whether /metrics is open to all.' }),
    token: Type.Optional(
      Type.String({
        secret: true,
        minLength: 16,
        description: 'The bearer token with which Prometheus may read /metrics, and nothing else.'
      })
    )
  }),
  tasks: Type.Object({
    mongo: Type.Optional(
      Type.String({
        secret: true,
        pattern: '^mongodb(\\+srv)?://',
        expected: 'a mongodb:// or mongodb+srv:// URL',
        description: 'The MongoDB that keeps the tasks; the platform’s own database when absent.'
      })
    )
  }),
  redis: Type.Object({
    url: Type.Optional(
      Type.Refine(
        Type.String({
          secret: true,
          expected: 'a redis:// or rediss:// URL such as redis://:password@host:6379/0',
          description:
            'The Redis through which named events reach the sockets of every node; without it, those of their own.'
        }),
        isRedisUrl
      )
    )
  }),
  plugins: Type.Unsafe<readonly Plugin[]>(
    Type.Array(Type.Any(), { default: [], description: 'The plugins of the deployment.' })
  ),
  only: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      description: 'The plugins that this node runs, by short name; all when absent.'
    })
  )
})

function isTimeZone(name: string): boolean {
  // Intl takes offsets such as +02:00 too, which know nothing of daylight saving.
  if (!/^[A-Za-z]/.test(name)) return false

  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
