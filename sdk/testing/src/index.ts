import { hookIntoRunner } from './platform/leftovers.ts'

export type { Candidate } from './conformance/Check.ts'
export { conformance, type TestRunner } from './conformance/conformance.ts'
export { Events, type HeardEvent, type NextOptions } from './events/Events.ts'
export { stopPlatforms } from './platform/leftovers.ts'
export type { OpenPlatform } from './platform/OpenPlatform.ts'
export type { Answer, Api, Person, Rights } from './platform/Person.ts'
export { testPlatform, type TestPlatform, type TestPlatformOptions } from './platform/testPlatform.ts'
export { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory.ts'
export { unlimited } from './unlimited.ts'
export { until, type UntilOptions } from './until.ts'

hookIntoRunner()
