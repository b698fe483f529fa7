import type { Clock } from '@signalbox/plugin'

/** Real time. */
export const systemClock: Clock = { now: () => new Date() }
