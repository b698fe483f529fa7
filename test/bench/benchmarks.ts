import { createWithChange } from './createWithChange.ts'
import { fanOut } from './fanOut.ts'
import { flood } from './flood.ts'
import { generate } from './generate.ts'
import { logRoom } from './logRoom.ts'
import { refresh } from './refresh.ts'
import { requestPath } from './requestPath.ts'
import { roleChange } from './roleChange.ts'
import type { Benchmark } from './Row.ts'
import { start } from './start.ts'
import { supervisor } from './supervisor.ts'

/** All benchmarks, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [
  supervisor,
  logRoom,
  start,
  createWithChange,
  requestPath,
  refresh,
  roleChange,
  fanOut,
  flood,
  generate
]
