import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { createPlatform } from '../Platform.ts'

/** After this a stop that hangs is cut short. */
const stopDeadlineMs = 25_000

/** Starts the platform and keeps it until SIGTERM or SIGINT. */
export async function startCommand(config: PlatformConfig): Promise<void> {
  const platform = createPlatform(config)
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal is somebody who does not want to wait.
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143)
    stopping = true
    setTimeout(() => process.exit(1), stopDeadlineMs).unref()
    platform.stop().catch((error: unknown) => {
      process.stderr.write(`signalbox: ${(error as Error).message}\n`)
      process.exitCode = 1
    })
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  const { url, generatedPassword } = await platform.start()
  if (generatedPassword !== undefined) {
    process.stdout.write(`administrator ${config.admin.email} password ${generatedPassword} (shown once)\n`)
  }
  if (!stopping) process.stdout.write(`ready ${url}\n`)
}
