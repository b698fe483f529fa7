import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { benchmarks } from './benchmarks.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import { page } from './page.ts'
import type { Benchmark, Row } from './Row.ts'
import type { BenchmarkTasks } from './runBenchmark.ts'
import { isKept, table } from './table.ts'

const deadlineMs = 5 * 60_000

// run.ts [name …] [--write]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } }
})
if (values.write && positionals.length) fail('The page shows all benchmarks: --write goes without names.')
const chosen = positionals.length ? positionals.map(named) : benchmarks
const rows: Row[] = []
let failures = 0
for (const benchmark of chosen) rows.push(...(await runAlone(benchmark).catch(tell)))
console.log(table(rows))
if (values.write && failures === 0) {
  const file = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
  const options = { ...(await resolveConfig(file)), filepath: file }
  await writeFile(file, await format(await page(benchmarks, rows), options))
}
if (failures > 0 || !rows.every(isKept)) process.exitCode = 1

function named(name: string): Benchmark {
  const names = benchmarks.map((one) => one.name).join(', ')
  return benchmarks.find((one) => one.name === name) ?? fail(`There is no benchmark ${name}, only ${names}.`)
}

/** One that fails does not cost the figures of the others. */
function tell(error: unknown): [] {
  failures++
  console.error(error)
  return []
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

/** Each has a process of its own: what one leaves to the garbage collector is no other's pause. */
async function runAlone({ name }: Benchmark): Promise<readonly Row[]> {
  const begun = performance.now()
  const alone = await inSecondProcess<BenchmarkTasks>(new URL('./runBenchmark.ts', import.meta.url))
  const late = new AbortController()
  try {
    return await Promise.race([alone.call('run', name), endOf(name, late.signal)])
  } finally {
    late.abort()
    await alone.stop()
    console.error(`${name}: ${Math.round((performance.now() - begun) / 1000)} s`)
  }
}

/** Rejects when a benchmark has taken longer than any does; its processes end with its own. */
async function endOf(name: string, signal: AbortSignal): Promise<never> {
  await sleep(deadlineMs, undefined, { signal })
  throw new Error(`${name} did not end within ${deadlineMs / 60_000} minutes`)
}
