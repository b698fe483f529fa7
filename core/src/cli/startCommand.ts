import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { createPlatform } from '../platform/createPlatform.ts'
import { whenNpmEnds } from './whenNpmEnds.ts'

/** After this a stop that hangs is cut short. */
const stopDeadlineMs = 25_000
/** Within this, Ctrl-C under `npm start` arrives twice: from the terminal and from npm. */
const sameSignalMs = 1000

/** Starts the platform and keeps it until SIGTERM or SIGINT. */
export async function startCommand(config: PlatformConfig): Promise<void> {
  const platform = createPlatform(config)
  let stoppingSince: number | undefined
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== undefined) {
      // A second signal is somebody who does not want to wait.
      if (performance.now() - stoppingSince > sameSignalMs) process.exit(signal === 'SIGINT' ? 130 : 143)
      return
    }
    stoppingSince = performance.now()
    setTimeout(() => process.exit(1), stopDeadlineMs).unref()
    platform.stop().catch((error: unknown) => {
      process.stderr.write(`signalbox: ${(error as Error).message}\n`)
      process.exitCode = 1
    })
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  whenNpmEnds(() => stop('SIGTERM'))

  const { url, generatedPassword } = await platform.start()
  if (generatedPassword !== undefined) {
    process.stdout.write(`administrator ${config.admin.email} password ${generatedPassword} (shown once)\n`)
  }
  if (stoppingSince === undefined) process.stdout.write(`ready ${url}\n`)
}
