import { parseArgs } from 'node:util'
import { benchmarks } from './benchmarks.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import type { Benchmark, Row } from './Row.ts'
import type { BenchmarkTasks } from './runBenchmark.ts'
import { table } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } }
})
const chosen = positionals.length ? positionals.map(named) : benchmarks
const rows: Row[] = []
for (const benchmark of chosen) rows.push(...(await runAlone(benchmark)))
console.log(table(rows))
void values

function named(name: string): Benchmark {
  const benchmark = benchmarks.find((one) => one.name === name)
  if (benchmark) return benchmark
  console.error(`There is no benchmark ${name}: ${benchmarks.map((one) => one.name).join(', ')}`)
  process.exit(1)
}

/** Each has a process of its own: what one leaves to the garbage collector is no other's pause. */
async function runAlone({ name }: Benchmark): Promise<readonly Row[]> {
  console.error(`${name} …`)
  const alone = await inSecondProcess<BenchmarkTasks>(new URL('./runBenchmark.ts', import.meta.url))
  try {
    return await alone.call('run', name)
  } finally {
    await alone.stop()
  }
}
