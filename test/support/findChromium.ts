import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const names = ['/usr/bin/chromium', 'chromium', 'chromium-browser', 'google-chrome']

/** What a headless browser needs on a server: no sandbox for root, and nothing that calls home. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** The first Chromium of this machine that runs. */
export async function findChromium(): Promise<string | undefined> {
  for (const name of names) {
    const runs = await promisify(execFile)(name, ['--version']).then(
      () => true,
      () => false
    )
    if (runs) return name
  }
  return undefined
}
