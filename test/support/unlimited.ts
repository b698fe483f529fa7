export { unlimited } from '../../sdk/testing/src/unlimited.ts'
