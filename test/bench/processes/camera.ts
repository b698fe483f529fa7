import { startFakeCamera, type FakeCamera } from '../../support/fakeCamera/index.ts'
import { serveTasks } from '../inSecondProcess.ts'

let camera: FakeCamera | undefined

const tasks = {
  /** Starts the camera and returns the URL of its stream of 300 kbit/s. */
  start: async (ffmpeg: string): Promise<string> => {
    camera = await startFakeCamera({ ffmpeg })
    return camera.url('/main')
  }
}

export type CameraTasks = typeof tasks

serveTasks(tasks)
