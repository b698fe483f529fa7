import { isIPv4 } from 'node:net'
import type { Section } from './resolveSection.ts'
import { isPlainObject } from './Schema.ts'

function isLoopback(host: unknown): boolean {
  if (typeof host !== 'string') return false

  return host.toLowerCase() === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** The faults of open mode, which lets callers in without a token: never beyond this machine, never without a role. */
export function checkOpenMode({ values, nameOf }: Section): string[] {
  const { auth, host } = values
  if (!isPlainObject(auth) || auth.mode !== 'open') return []

  const mode = `${nameOf('auth.mode')} "open"`
  const faults: string[] = []

  if (!isLoopback(host)) {
    const loopback = 'a loopback address (127.0.0.0/8, ::1 or localhost)'
    faults.push(`${nameOf('host')} must be ${loopback} with ${mode}, got ${JSON.stringify(host)}`)
  }
  if (auth.as === undefined) faults.push(`auth.as (SIGNALBOX_AUTH_AS) is required with ${mode}`)

  return faults
}
