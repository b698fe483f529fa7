import { startTestPlatform, type TestPlatform } from '../../support/startTestPlatform.ts'
import { serveTasks } from '../inSecondProcess.ts'
import { notesPlugin } from '../notes.ts'
import { redisOf, type NodeOptions } from '../redisOf.ts'

let platform: TestPlatform | undefined

const tasks = {
  /** Starts a node; resolves when its Redis answers. */
  start: async (options: NodeOptions): Promise<void> => {
    platform = await startTestPlatform({ ...options, plugins: [notesPlugin(() => {})] })
    while ((await redisOf(platform)).state !== 'up') await new Promise((resolve) => setTimeout(resolve, 50))
  },
  /** What it has heard, and the seconds that this process has computed. */
  take: async (): Promise<{ readonly heard: number; readonly cpuSeconds: number }> => {
    const { user, system } = process.cpuUsage()
    return { heard: (await redisOf(platform as TestPlatform)).heard, cpuSeconds: (user + system) / 1e6 }
  },
  stop: () => platform?.stop()
}

export type NeighbourTasks = typeof tasks

serveTasks(tasks)
