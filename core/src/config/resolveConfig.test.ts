import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { definePlugin } from '@signalbox/plugin'
import { Type } from 'typebox'
import { coreVariables } from './coreVariables.ts'
import { defineConfig } from './defineConfig.ts'
import { resolveConfig } from './resolveConfig.ts'
import type { ResolveConfigOptions } from './resolveConfig.ts'

const telephony = definePlugin({
  name: '@signalbox/telephony',
  version: '1.0.0',
  platform: '^1.0.0',
  config: Type.Object({
    ami: Type.Object({
      host: Type.Optional(Type.String()),
      secret: Type.Optional(Type.String({ secret: true }))
    })
  })
})

const weather = definePlugin({ name: 'signalbox-plugin-weather', version: '1.0.0', platform: '^1.0.0' })

function faultsOf(options: ResolveConfigOptions): readonly string[] {
  try {
    resolveConfig(options)
  } catch (error: any) {
    assert.equal(error.code, 'CONFIG_INVALID')
    assert.equal(error.message, error.faults.join('\n'))
    return error.faults
  }

  return []
}

describe('the configuration', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-config-'))
  })

  after(() => rm(folder, { recursive: true }))

  it('is complete without a word from the deployment', () => {
    const { timeZone, plugins, dataDirectory, ...rest } = resolveConfig({ directory: '/srv/site' })

    assert.equal(dataDirectory, resolve('/srv/site/data'))
    assert.equal(timeZone, Intl.DateTimeFormat().resolvedOptions().timeZone)
    assert.deepEqual(plugins, [])
    assert.deepEqual(rest, {
      name: 'Signalbox',
      host: '127.0.0.1',
      port: 3030,
      basePath: '',
      previousSecrets: [],
      admin: { email: 'admin@signalbox.local' },
      corsOrigins: [],
      trustProxy: false,
      auth: { mode: 'session' },
      tokens: { accessSeconds: 900, refreshSeconds: 86_400, rememberSeconds: 2_592_000, graceSeconds: 60 },
      limits: { requestsPerSecond: 500, burst: 1000 },
      websocket: { heartbeatSeconds: 25, maxConnections: 20_000, flushMs: 5 },
      bodyLimit: 1_048_576,
      feedRetentionDays: 30,
      log: { level: 'info' },
      docs: { public: true },
      metrics: { public: false },
      tasks: {},
      redis: {},
      pluginConfig: {},
      secretValues: [],
      warnings: []
    })
  })

  it('lays the environment over the file and the overrides over both', () => {
    const input = defineConfig({
      name: 'Pier',
      port: 1,
      host: '127.0.0.2',
      log: { level: 'warn' },
      secret: undefined
    })
    const env = { PORT: '2', HOST: '127.0.0.3', SIGNALBOX_LOG_LEVEL: '' }
    const { name, port, host, log } = resolveConfig({ input, env, overrides: { port: 3 } })

    assert.deepEqual(
      { name, port, host, log },
      { name: 'Pier', port: 3, host: '127.0.0.3', log: { level: 'warn' } }
    )
  })

  it('reads every variable by the type of its field', () => {
    const env = {
      HOST: '0.0.0.0',
      PORT: '0',
      DATABASE_URL: 'postgresql://u@db/site',
      SIGNALBOX_DATA: '/srv/data',
      SIGNALBOX_SECRET: 'now',
      SIGNALBOX_SECRET_PREVIOUS: 'before, long ago',
      SIGNALBOX_ADMIN_EMAIL: 'me@example.org',
      SIGNALBOX_ADMIN_PASSWORD: '12345678',
      SIGNALBOX_CORS_ORIGINS: '["https://a.example","*"]',
      SIGNALBOX_TRUST_PROXY: 'yes',
      SIGNALBOX_BASE_PATH: 'sites/pier/',
      SIGNALBOX_TIMEZONE: 'Europe/Rome',
      SIGNALBOX_AUTH_MODE: 'session',
      SIGNALBOX_AUTH_AS: 'viewer',
      SIGNALBOX_ACCESS_TOKEN_SECONDS: '60',
      SIGNALBOX_REFRESH_TOKEN_SECONDS: '120',
      SIGNALBOX_REMEMBER_TOKEN_SECONDS: '240',
      SIGNALBOX_TOKEN_GRACE_SECONDS: '30',
      SIGNALBOX_LIMIT_REQUESTS_PER_SECOND: '100',
      SIGNALBOX_LIMIT_BURST: '200',
      SIGNALBOX_WEBSOCKET_HEARTBEAT: '5',
      SIGNALBOX_WEBSOCKET_MAX_CONNECTIONS: '10',
      SIGNALBOX_WEBSOCKET_FLUSH_MS: '0',
      SIGNALBOX_BODY_LIMIT: '2048',
      SIGNALBOX_FEED_RETENTION_DAYS: '7',
      SIGNALBOX_LOG_LEVEL: 'debug',
      SIGNALBOX_LOG_FILE: 'site.log',
      SIGNALBOX_DOCS_PUBLIC: '0',
      SIGNALBOX_METRICS_PUBLIC: 'true',
      SIGNALBOX_METRICS_TOKEN: 'sixteen characters',
      SIGNALBOX_TASKS_MONGO: 'mongodb+srv://cluster/tasks',
      SIGNALBOX_REDIS_URL: 'rediss://:p%40ss@cache:6380/2',
      SIGNALBOX_ONLY: '@signalbox/telephony'
    }
    const plugins = [telephony()]
    const config = resolveConfig({
      input: { plugins },
      env,
      directory: '/srv/site'
    })

    assert.deepEqual(
      Object.keys(env),
      coreVariables.map(({ name }) => name).sort(byOrderOf(Object.keys(env)))
    )
    assert.deepEqual(config, {
      name: 'Signalbox',
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'postgresql://u@db/site',
      dataDirectory: resolve('/srv/data'),
      secret: 'now',
      previousSecrets: ['before', 'long ago'],
      admin: { email: 'me@example.org', password: '12345678' },
      corsOrigins: ['https://a.example', '*'],
      trustProxy: true,
      basePath: '/sites/pier',
      timeZone: 'Europe/Rome',
      auth: { mode: 'session', as: 'viewer' },
      tokens: { accessSeconds: 60, refreshSeconds: 120, rememberSeconds: 240, graceSeconds: 30 },
      limits: { requestsPerSecond: 100, burst: 200 },
      websocket: { heartbeatSeconds: 5, maxConnections: 10, flushMs: 0 },
      bodyLimit: 2048,
      feedRetentionDays: 7,
      log: { level: 'debug', file: resolve('/srv/site/site.log') },
      docs: { public: false },
      metrics: { public: true, token: 'sixteen characters' },
      tasks: { mongo: 'mongodb+srv://cluster/tasks' },
      redis: { url: 'rediss://:p%40ss@cache:6380/2' },
      only: ['telephony'],
      plugins,
      pluginConfig: { telephony: { ami: {} } },
      secretValues: [
        'postgresql://u@db/site',
        'now',
        'before',
        'long ago',
        '12345678',
        'sixteen characters',
        'mongodb+srv://cluster/tasks',
        'rediss://:p%40ss@cache:6380/2',
        'p%40ss',
        'p@ss'
      ],
      warnings: []
    })
  })

  it('is typed in its file, all of it optional', () => {
    const inputs = [
      defineConfig({}),
      defineConfig({ tokens: { accessSeconds: 60 }, plugins: [weather()] }),
      // @ts-expect-error there is no such option
      defineConfig({ prot: 80 }),
      // @ts-expect-error a port is a number
      defineConfig({ port: '80' }),
      // @ts-expect-error a plugin is called with its options
      defineConfig({ plugins: [weather] })
    ]

    assert.deepEqual(
      inputs.map((input) => faultsOf({ input }).length),
      [0, 0, 1, 1, 1]
    )
  })

  it('names every fault at once, each by what gave the value', () => {
    const input: any = {
      prot: 1,
      auth: { az: 'x' },
      bodyLimit: 1.5,
      websocket: [],
      plugins: [weather, undefined]
    }
    const env = { PORT: 'abc', SIGNALBOX_LOG_LEVEL: 'loud', SIGNALBOX_CORS_ORIGINS: '*, nowhere' }

    assert.deepEqual(
      new Set(faultsOf({ input, env })),
      new Set([
        'PORT must be an integer between 0 and 65535, got "abc"',
        'SIGNALBOX_LOG_LEVEL must be one of trace, debug, info, warn, error, silent, got "loud"',
        'SIGNALBOX_CORS_ORIGINS[1] must be an origin such as https://app.example.org, or *, got "nowhere"',
        'prot is not an option; did you mean port?',
        'auth.az is not an option; did you mean auth.as?',
        'bodyLimit must be an integer of at least 1, got 1.5',
        'websocket must be an object, got a list',
        'plugins[0] is not a plugin; a plugin is called with its options: weather({ … })',
        'plugins[1] is not a plugin'
      ])
    )
  })

  it('takes no integer in another notation, nor one out of range', () => {
    for (const port of ['0x50', '1e3', '80.5', '-1', '65536', ' ']) {
      assert.deepEqual(faultsOf({ env: { PORT: port } }), [
        `PORT must be an integer between 0 and 65535, got ${/^[-6]|[.]/.test(port) ? port : JSON.stringify(port)}`
      ])
    }
  })

  it('blames an override, and not the variable that it hides', () => {
    assert.deepEqual(faultsOf({ env: { PORT: '80' }, overrides: { port: 70_000 } }), [
      'port must be an integer between 0 and 65535, got 70000'
    ])
  })

  it('knows time zones, database URLs and base paths', () => {
    for (const timeZone of ['Europe/Rme', '+02:00', '']) {
      assert.match(faultsOf({ input: { timeZone } })[0] ?? '', /^timeZone must be an IANA time zone/)
    }
    for (const path of ['/a b', '/a?b', 'http://a', '/../a', '/a/.', '/a//b']) {
      assert.match(faultsOf({ input: { basePath: path } })[0] ?? '', /^basePath must be a path such as/)
    }
    for (const [given, path] of Object.entries({
      '/': '',
      a: '/a',
      '/a/': '/a',
      '/a/b.c/': '/a/b.c',
      '': ''
    })) {
      assert.equal(resolveConfig({ input: { basePath: given } }).basePath, path)
    }
    assert.deepEqual(faultsOf({ env: { DATABASE_URL: 'mysql://u:hunter2@db/site' } }), [
      'DATABASE_URL must be a postgres:// or postgresql:// URL, or memory:'
    ])
  })

  it('opens itself to callers without a token on the loopback only, and only with a role', () => {
    const open = { mode: 'open', as: 'viewer' } as const

    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
      assert.equal(resolveConfig({ input: { host, auth: open } }).auth.mode, 'open')
    }
    for (const host of ['0.0.0.0', '::', '192.168.1.5', '127.0.0.1.example.org', 'localhost.example.org']) {
      assert.deepEqual(faultsOf({ input: { auth: open }, env: { HOST: host } }), [
        'HOST must be a loopback address (127.0.0.0/8, ::1 or localhost) with auth.mode "open", ' +
          `got ${JSON.stringify(host)}`
      ])
    }
    assert.deepEqual(faultsOf({ env: { SIGNALBOX_AUTH_MODE: 'open' } }), [
      'auth.as (SIGNALBOX_AUTH_AS) is required with SIGNALBOX_AUTH_MODE "open"'
    ])
  })

  it('reads a value from the file that …_FILE names, without the newline at its end', async () => {
    await writeFile(join(folder, 'secret'), 'from a file\r\n')
    await writeFile(join(folder, 'ami'), ' spaced \n')
    const { secret, pluginConfig, secretValues } = resolveConfig({
      input: { plugins: [telephony()] },
      env: { SIGNALBOX_SECRET_FILE: 'secret', SIGNALBOX_TELEPHONY_AMI_SECRET_FILE: join(folder, 'ami') },
      directory: folder
    })

    assert.equal(secret, 'from a file')
    assert.deepEqual(pluginConfig.telephony?.ami, { secret: ' spaced ' })
    assert.deepEqual(secretValues, ['from a file', ' spaced '])
  })

  it('refuses a …_FILE that is missing, empty, bad, or given beside its variable', async () => {
    await writeFile(join(folder, 'empty'), '\n')
    await writeFile(join(folder, 'port'), 'eighty\n')
    const env = {
      SIGNALBOX_ADMIN_PASSWORD_FILE: join(folder, 'none'),
      SIGNALBOX_ADMIN_EMAIL_FILE: join(folder, 'empty'),
      PORT_FILE: join(folder, 'port'),
      SIGNALBOX_SECRET: 'hunter2',
      SIGNALBOX_SECRET_FILE: join(folder, 'secret')
    }

    assert.deepEqual(
      new Set(faultsOf({ env })),
      new Set([
        'SIGNALBOX_SECRET and SIGNALBOX_SECRET_FILE are both given; keep one',
        `SIGNALBOX_ADMIN_PASSWORD_FILE: ${join(folder, 'none')} cannot be read (ENOENT)`,
        `SIGNALBOX_ADMIN_EMAIL_FILE: ${join(folder, 'empty')} is empty`,
        'PORT_FILE must be an integer between 0 and 65535, got "eighty"'
      ])
    )
  })

  it('warns of a SIGNALBOX_ variable that nobody reads, and of no other', () => {
    const env = {
      SIGNALBOX_PORT: '80',
      SIGNALBOX_SECERT_FILE: 'x',
      SIGNALBOX_LIGHTHOUSE_LAMP: 'on',
      SIGNALBOX_NOTHING: '',
      SIGNALBOX_API_SERVICE_HOST: '10.0.0.1',
      SIGNALBOX_API_PORT: 'tcp://10.0.0.1:80',
      SIGNALBOX_API_PORT_80_TCP_ADDR: '10.0.0.1',
      PATH: '/bin'
    }

    assert.deepEqual(resolveConfig({ env }).warnings, [
      'SIGNALBOX_PORT sets nothing; did you mean PORT?',
      'SIGNALBOX_SECERT_FILE sets nothing; did you mean SIGNALBOX_SECRET_FILE?',
      'SIGNALBOX_LIGHTHOUSE_LAMP sets nothing'
    ])
  })
})

describe('the plugins of a configuration', () => {
  it('belong to one plugin by its short name', () => {
    const other = definePlugin({ name: '@acme/plugin-telephony', version: '1.0.0', platform: '^1.0.0' })

    assert.deepEqual(faultsOf({ input: { plugins: [telephony(), other()] } }), [
      'plugins @signalbox/telephony and @acme/plugin-telephony have the same short name, telephony'
    ])
  })

  it('cannot take the variable of another option', () => {
    const config = Type.Object({ level: Type.Optional(Type.String()) })
    const log = definePlugin({ name: '@acme/log', version: '1.0.0', platform: '^1.0.0', config })

    assert.deepEqual(faultsOf({ input: { plugins: [log()] } }), [
      'log: level has the variable SIGNALBOX_LOG_LEVEL, which core: log.level has already'
    ])
  })

  it('are those of a plugin that is there when a node runs only some', () => {
    const plugins = [telephony(), weather()]

    assert.deepEqual(resolveConfig({ input: { plugins }, overrides: { only: ['weather'] } }).only, [
      'weather'
    ])
    assert.deepEqual(faultsOf({ input: { plugins }, env: { SIGNALBOX_ONLY: 'weather,telephone' } }), [
      'SIGNALBOX_ONLY names telephone, which is not among the plugins; did you mean telephony?'
    ])
  })

  it('have options that no SIGNALBOX_ variable misspells', () => {
    const env = { SIGNALBOX_TELEPHONY_AMI_HSOT: 'pbx', SIGNALBOX_WEATHER_STATION: 'Roof' }

    assert.deepEqual(faultsOf({ input: { plugins: [telephony(), weather()] }, env }), [
      'SIGNALBOX_TELEPHONY_AMI_HSOT is not an option of telephony; did you mean SIGNALBOX_TELEPHONY_AMI_HOST?',
      'SIGNALBOX_WEATHER_STATION is not an option of weather'
    ])
  })

  it('are configured each under its short name, and their faults are listed with the rest', () => {
    const plugins = [telephony({ ami: { host: 'pbx' } }), weather()]
    const bad: any = { ami: { host: 5 } }

    assert.deepEqual(resolveConfig({ input: { plugins } }).pluginConfig, {
      telephony: { ami: { host: 'pbx' } },
      weather: {}
    })
    assert.deepEqual(faultsOf({ input: { port: -1, plugins: [telephony(bad)] } }), [
      'port must be an integer between 0 and 65535, got -1',
      'telephony: ami.host must be a string, got 5'
    ])
  })
})

describe('the URL of a Redis', () => {
  const faults = (url: string): readonly string[] => faultsOf({ env: { SIGNALBOX_REDIS_URL: url } })

  it('may name a password, a port and a number, with TLS or without', () => {
    for (const url of ['redis://cache', 'rediss://:p%40ss@cache:6380/2', 'redis://user:word@[::1]:6379/'])
      assert.equal(resolveConfig({ env: { SIGNALBOX_REDIS_URL: url } }).redis.url, url)
  })

  it('is refused in one sentence that names it and does not repeat it', () => {
    const sentence =
      'SIGNALBOX_REDIS_URL must be a redis:// or rediss:// URL such as redis://:password@host:6379/0'
    const urls = [
      'cache:6379',
      'http://cache',
      'redis://:hunter2@',
      'redis://:hunter2@cache:many',
      'redis:///1'
    ]
    for (const url of [...urls, 'redis://cache/first', 'redis://:100%hunter2@cache']) {
      assert.deepEqual(faults(url), [sentence], url)
    }
  })
})

describe('the secrets of a configuration', () => {
  it('are in no fault', () => {
    const input: any = { admin: 'hunter2', secret: ['hunter2'] }
    const env = {
      DATABASE_URL: 'mysql://u:hunter2@db/site',
      SIGNALBOX_SECRET_PREVIOUS: '["hunter2"',
      SIGNALBOX_TASKS_MONGO: 'redis://:hunter2@host'
    }
    const faults = faultsOf({ input, env })

    assert.equal(faults.length, 5)
    assert.doesNotMatch(faults.join(' '), /hunter2/)
  })

  it('are told to the log, the passwords in secret URLs among them', () => {
    const { secretValues } = resolveConfig({
      input: {
        databaseUrl: 'postgres://site:p%40ss@db/site',
        previousSecrets: ['old'],
        admin: { password: 'old' },
        plugins: [telephony({ ami: { secret: 's' } })]
      }
    })

    assert.deepEqual(secretValues, ['postgres://site:p%40ss@db/site', 'p%40ss', 'p@ss', 'old', 's'])
  })
})

function byOrderOf(names: readonly string[]) {
  return (a: string, b: string) => names.indexOf(a) - names.indexOf(b)
}
