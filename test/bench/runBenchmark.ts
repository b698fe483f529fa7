import { benchmarks } from './benchmarks.ts'
import { serveTasks } from './inSecondProcess.ts'
import type { Row } from './Row.ts'

const tasks = {
  run: (name: string): Promise<readonly Row[]> => {
    const benchmark = benchmarks.find((one) => one.name === name)
    if (!benchmark) throw new Error(`There is no benchmark ${name}.`)
    return benchmark.run()
  }
}

export type BenchmarkTasks = typeof tasks

serveTasks(tasks)
