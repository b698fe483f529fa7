import { recorder } from '@signalbox/recorder'
import { conformance } from '@signalbox/testing'
import { weather } from '../../examples/weather/plugin.ts'

conformance({ plugin: recorder, samples: { cameras: { protocol: 'test' } } })
conformance({ plugin: weather, needs: [recorder] })
