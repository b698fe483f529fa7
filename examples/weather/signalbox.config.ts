import { defineConfig } from '@signalbox/core'
import { recorder } from '@signalbox/recorder'
import { weather } from './plugin.ts'

/** The recorder, and a plugin of our own that adds weather to its cameras. */
export default defineConfig({ plugins: [recorder(), weather()] })
