import { recorder } from '@signalbox/recorder'
import { weather } from '../../examples/weather/plugin.ts'
import { conformance } from './conformance.ts'

conformance({ name: 'recorder', plugin: recorder })
conformance({ name: 'weather', plugin: weather, needs: [recorder] })
