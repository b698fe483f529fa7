import { createWithChange } from './createWithChange.ts'
import type { Benchmark } from './Row.ts'

/** All benchmarks, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [createWithChange]
