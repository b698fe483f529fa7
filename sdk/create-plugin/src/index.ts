export { createPlugin } from './createPlugin.ts'
