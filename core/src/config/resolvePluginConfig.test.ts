import assert from 'node:assert/strict'
import { definePlugin } from '@signalbox/plugin'
import { Type } from 'typebox'
import { resolvePluginConfig } from './resolvePluginConfig.ts'

const telephony = definePlugin({
  name: '@signalbox/telephony',
  version: '1.0.0',
  platform: '^1.0.0',
  config: Type.Object({
    ami: Type.Object({
      host: Type.Optional(Type.String()),
      port: Type.Integer({
        default: 5038,
        minimum: 1,
        maximum: 65535,
        description: 'The port of the manager.'
      }),
      secret: Type.Optional(Type.String({ secret: true })),
      command: Type.Optional(Type.Object({ user: Type.String(), secret: Type.String({ secret: true }) }))
    }),
    contexts: Type.Array(Type.String(), { default: ['from-internal'] }),
    retentionMaxGB: Type.Number({ default: 1.5 }),
    codecs: Type.Any({ default: { allow: ['ulaw'] } }),
    labels: Type.Record(Type.String(), Type.Integer(), { default: {} }),
    peers: Type.Array(
      Type.Object({ name: Type.String(), pin: Type.Optional(Type.String({ secret: true, minLength: 4 })) }),
      { default: [] }
    ),
    login: Type.Optional(Type.Union([Type.Object({ key: Type.String({ secret: true }) }), Type.Boolean()]))
  })
})

function resolve(options: any = {}, env: Record<string, string> = {}) {
  return resolvePluginConfig(telephony(options), { env, directory: '/' })
}

describe('the options of a plugin', () => {
  it('lie over the defaults of its schema and under the environment', () => {
    const options = { ami: { host: 'pbx', port: 5039 }, contexts: ['a'] }
    const { values, faults } = resolve(options, {
      SIGNALBOX_TELEPHONY_AMI_PORT: '5040',
      SIGNALBOX_TELEPHONY_AMI_COMMAND_USER: 'signalbox',
      SIGNALBOX_TELEPHONY_AMI_COMMAND_SECRET: '0042',
      SIGNALBOX_TELEPHONY_RETENTION_MAX_GB: '2.5',
      SIGNALBOX_TELEPHONY_LABELS: '{"red":1}',
      SIGNALBOX_TELEPHONY_PEERS: '[{"name":"North"}]',
      SIGNALBOX_TELEPHONY_LOGIN: 'on'
    })

    assert.deepEqual(faults, [])
    assert.deepEqual(values, {
      ami: { host: 'pbx', port: 5040, command: { user: 'signalbox', secret: '0042' } },
      contexts: ['a'],
      retentionMaxGB: 2.5,
      codecs: { allow: ['ulaw'] },
      labels: { red: 1 },
      peers: [{ name: 'North' }],
      login: true
    })
    assert.deepEqual(options, { ami: { host: 'pbx', port: 5039 }, contexts: ['a'] })
  })

  it('do not share their defaults between two deployments', () => {
    const first: any = resolve().values
    first.contexts.push('changed')
    first.codecs.allow.push('changed')
    const { contexts, codecs } = resolve().values

    assert.deepEqual({ contexts, codecs }, { contexts: ['from-internal'], codecs: { allow: ['ulaw'] } })
  })

  it('are faulted by plugin and field, or by variable, unknown ones too', () => {
    const options = { contxts: [], ami: { prot: 1, command: { user: 'u' } }, labels: { red: 'x' } }
    const { faults } = resolve(options, { SIGNALBOX_TELEPHONY_AMI_PORT: 'many' })

    assert.deepEqual([...faults].sort(), [
      'SIGNALBOX_TELEPHONY_AMI_PORT must be an integer between 1 and 65535, got "many"',
      'telephony: ami.command.secret is required (SIGNALBOX_TELEPHONY_AMI_COMMAND_SECRET)',
      'telephony: ami.prot is not an option; did you mean ami.port?',
      'telephony: contxts is not an option; did you mean contexts?',
      'telephony: labels.red must be an integer, got "x"'
    ])
  })

  it('never show a secret in a fault', () => {
    const { faults } = resolve({
      ami: 'hunter2',
      peers: [{ name: 'North', pin: 'x42' }, 'hunter2'],
      login: 'hunter2'
    })
    const fromEnvironment = resolve(
      {},
      { SIGNALBOX_TELEPHONY_PEERS: '[{"pin":"hunter2"', SIGNALBOX_TELEPHONY_LOGIN: 'hunter2' }
    )

    assert.equal(faults.length, 4)
    assert.equal(fromEnvironment.faults.length, 2)
    assert.doesNotMatch([...faults, ...fromEnvironment.faults].join(' '), /hunter2|x42/)
  })

  it('name their secret values at every depth', () => {
    const { secretValues } = resolve({
      peers: [{ name: 'North', pin: '4711' }],
      login: { key: 'k' },
      ami: { host: 'pbx', secret: 's' }
    })

    assert.deepEqual([...secretValues].sort(), ['4711', 'k', 's'])
  })
})
