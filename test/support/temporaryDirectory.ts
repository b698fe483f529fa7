export { temporaryDirectory, type TemporaryDirectory } from '../../sdk/testing/src/temporaryDirectory.ts'
