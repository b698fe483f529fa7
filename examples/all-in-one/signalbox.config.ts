import { defineConfig } from '@signalbox/core'
import { recorder } from '@signalbox/recorder'

/** Everything that ships with Signalbox, on the embedded database. */
export default defineConfig({ plugins: [recorder()] })
