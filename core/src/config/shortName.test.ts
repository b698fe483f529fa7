import assert from 'node:assert/strict'
import { shortName } from './shortName.ts'
import { variableName } from './variableName.ts'

describe('the short name of a plugin', () => {
  it('is the last part of its npm name without the prefix that says it is a plugin', () => {
    const names = {
      '@signalbox/recorder': 'recorder',
      weather: 'weather',
      '@acme/plugin-weather': 'weather',
      'signalbox-plugin-weather': 'weather',
      '@acme/signalbox-plugin-visitor-badges': 'visitor-badges',
      '@acme/signalbox-weather': 'signalbox-weather',
      '@plugin-acme/weather-plugin-x': 'weather-plugin-x'
    }

    for (const [name, short] of Object.entries(names)) assert.equal(shortName(name), short)
  })

  it('makes the names of its variables, in capitals', () => {
    assert.equal(
      variableName(['visitor-badges', 'ami', 'hostName']),
      'SIGNALBOX_VISITOR_BADGES_AMI_HOST_NAME'
    )
    assert.equal(variableName(['recorder', 'retentionMaxGB']), 'SIGNALBOX_RECORDER_RETENTION_MAX_GB')
    assert.equal(variableName(['recorder', 'h264Preset']), 'SIGNALBOX_RECORDER_H264_PRESET')
    assert.equal(variableName(['recorder', 'URLPrefix']), 'SIGNALBOX_RECORDER_URL_PREFIX')
  })
})
