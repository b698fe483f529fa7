import type { RecordOf } from '@signalbox/plugin'
import type { jobs } from '../resources/jobs.ts'

/** A job as it is stored. */
export type Job = RecordOf<typeof jobs>
