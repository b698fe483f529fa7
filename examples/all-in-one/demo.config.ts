import { defineConfig } from '@signalbox/core'
import { recorder } from '@signalbox/recorder'
import { demo } from './demo.ts'

/** The all-in-one deployment with something going on in it. */
export default defineConfig({ plugins: [recorder(), demo()] })
