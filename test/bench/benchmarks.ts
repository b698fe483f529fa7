import { createWithChange } from './createWithChange.ts'
import type { Benchmark } from './Row.ts'
import { supervisor } from './supervisor.ts'

/** All benchmarks, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [supervisor, createWithChange]
