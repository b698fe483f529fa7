import { defineConfig } from '@signalbox/core'
import { recorder } from '@signalbox/recorder'

/** What this deployment is made of. Every option is in the list that `npm run doctor` prints. */
export default defineConfig({ plugins: [recorder()] })
