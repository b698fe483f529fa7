import { defineConfig } from '@signalbox/core'
import { gatehouse } from './src/plugin.ts'

/** The platform that `npm run dev` runs. It is no part of the package. */
export default defineConfig({ plugins: [gatehouse()] })
