import { commitToEvent } from './commitToEvent.ts'
import { createWithChange } from './createWithChange.ts'
import { changeFanOut } from './fanOut/changeFanOut.ts'
import { fanOut } from './fanOut/fanOut.ts'
import { pacedFanOut } from './fanOut/pacedFanOut.ts'
import { flood } from './flood.ts'
import { generate } from './generate.ts'
import { logRoom } from './logRoom.ts'
import { redisEvents } from './redisEvents.ts'
import { refresh } from './refresh.ts'
import { requestPath } from './requestPath.ts'
import { roleChange } from './roleChange.ts'
import type { Benchmark } from './Row.ts'
import { storm } from './storm.ts'
import { start } from './start.ts'
import { supervisor } from './supervisor.ts'

/** All benchmarks, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [
  supervisor,
  logRoom,
  start,
  createWithChange,
  commitToEvent,
  requestPath,
  refresh,
  roleChange,
  storm,
  fanOut,
  pacedFanOut,
  changeFanOut,
  redisEvents,
  flood,
  generate
]
