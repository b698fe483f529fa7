import { setTimeout as lasting } from 'node:timers/promises'
import type { FakeCamera } from '../support/fakeCamera/index.ts'

/** What is done to a camera, or to the ffmpeg that records it. */
export interface CameraFault {
  readonly name: string
  /** What the recorder does about it, in words for the reader of the table. */
  readonly reaction: string
  /** Resolves when the fault is over. */
  readonly inject: (camera: FakeCamera, pid: number) => Promise<void> | void
  /** Whether the camera sends nothing between the beginning of `inject` and its end. */
  readonly silences?: boolean
  /** Whether ffmpeg is started anew. */
  readonly restarts: boolean
  /** The most seconds of video that may be lost, with room for a busy machine. */
  readonly mostLost: number
}

async function refuse(camera: FakeCamera, status: number): Promise<void> {
  camera.reject(status)
  camera.drop()
  await lasting(5_000)
  camera.clear()
}

async function freeze(camera: FakeCamera, ms: number): Promise<void> {
  camera.freeze()
  await lasting(ms)
  camera.thaw()
}

const failedTry = 'ffmpeg fails at once, and is started again after each pause: 1 s, 2 s, 4 s … 30 s'

/** The fault matrix of the recorder. */
export const cameraFaults: readonly CameraFault[] = [
  {
    name: 'The camera hangs up (FIN)',
    reaction: 'ffmpeg ends; it is started again after 1 s',
    inject: (camera) => camera.drop(),
    restarts: true,
    mostLost: 4
  },
  {
    name: 'The camera resets the connection (RST)',
    reaction: 'ffmpeg ends; it is started again after 1 s',
    inject: (camera) => camera.drop({ reset: true }),
    restarts: true,
    mostLost: 4
  },
  {
    name: 'The picture freezes for 8 s',
    reaction: 'ffmpeg waits, and records on in the same run',
    inject: (camera) => freeze(camera, 8_000),
    silences: true,
    restarts: false,
    mostLost: 1
  },
  {
    name: 'The picture freezes for 14 s',
    reaction: 'ffmpeg gives up after 10 s; it is started again after 1 s',
    inject: (camera) => freeze(camera, 14_000),
    silences: true,
    restarts: true,
    mostLost: 12
  },
  {
    name: 'The camera hangs up, and for 6 s answers nobody',
    reaction: 'ffmpeg gives up a connection that stays silent for 5 s; it is started again after each pause',
    inject: async (camera) => {
      camera.silent()
      camera.drop()
      await lasting(6_000)
      camera.clear()
    },
    silences: true,
    restarts: true,
    mostLost: 12
  },
  {
    name: 'The camera hangs up, and for 5 s refuses the log-in (401)',
    reaction: failedTry,
    inject: (camera) => refuse(camera, 401),
    silences: true,
    restarts: true,
    mostLost: 8
  },
  {
    name: 'The camera hangs up, and for 5 s knows no such stream (404)',
    reaction: failedTry,
    inject: (camera) => refuse(camera, 404),
    silences: true,
    restarts: true,
    mostLost: 8
  },
  {
    name: 'The camera is off for 5 s',
    reaction: failedTry,
    inject: async (camera) => {
      await camera.offline()
      await lasting(5_000)
      await camera.online()
    },
    silences: true,
    restarts: true,
    mostLost: 8
  },
  {
    name: 'The clock of the camera jumps by 1000 s',
    reaction: 'nothing: pictures count by the time at which they arrive',
    inject: (camera) => camera.jump(1_000),
    restarts: false,
    mostLost: 0.5
  },
  {
    name: 'ffmpeg is killed (SIGKILL)',
    reaction: 'its last file is cut at its last whole group of pictures; ffmpeg is started again after 1 s',
    inject: (_camera, pid) => void process.kill(pid, 'SIGKILL'),
    restarts: true,
    mostLost: 6
  },
  {
    name: 'ffmpeg hangs (SIGSTOP)',
    reaction: 'it is killed when no picture came for 15 s, and started again after 1 s',
    inject: (_camera, pid) => void process.kill(pid, 'SIGSTOP'),
    restarts: true,
    mostLost: 26
  }
]
