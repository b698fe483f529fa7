import assert from 'node:assert/strict'
import { definePlugin } from '@signalbox/plugin'
import { Type } from 'typebox'
import { configReference } from './configReference.ts'

const port = Type.Integer({
  default: 5038,
  minimum: 1,
  maximum: 65535,
  description: 'The port of the manager.'
})
const telephony = definePlugin({
  name: '@signalbox/telephony',
  version: '1.0.0',
  platform: '^1.0.0',
  config: Type.Object({ ami: Type.Object({ port }) })
})

describe('the reference of the configuration', () => {
  it('has a row for each option, and each row that is not a list of plugins or a name a variable', () => {
    const rows = configReference([telephony()])
    const bare = rows.filter(({ variable }) => variable === undefined).map(({ path }) => path)

    assert.deepEqual(bare, ['name', 'plugins'])
    assert.equal(new Set(rows.map(({ path }) => path)).size, rows.length)
    assert.deepEqual(
      rows.filter(({ path, description }) => !path.startsWith('telephony.') && description === ''),
      []
    )
    assert.deepEqual(
      rows.find(({ path }) => path === 'telephony.ami.port'),
      {
        variable: 'SIGNALBOX_TELEPHONY_AMI_PORT',
        path: 'telephony.ami.port',
        type: 'integer between 1 and 65535',
        default: 5038,
        description: 'The port of the manager.'
      }
    )
  })

  it('says the same on every machine', () => {
    const zone = configReference().find(({ path }) => path === 'timeZone')

    assert.equal(zone?.default, 'that of the machine')
  })
})
