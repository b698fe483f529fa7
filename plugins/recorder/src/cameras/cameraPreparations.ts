import { invalidField, type HookContext, type Preparations, type RegisterContext } from '@signalbox/plugin'
import { cameras } from '../resources/cameras.ts'
import type { CameraPolicy } from './cameraPolicy.ts'

interface CameraData {
  protocol?: string
  streams?: { main: string; sub?: string | null } | null
  username?: string | null
  password?: string | null
}

/** Checks a camera's streams before it is stored, and takes credentials out of its URLs. */
export function cameraPreparations(ctx: RegisterContext, policy: CameraPolicy): Preparations {
  const check = async ({ id, data, method }: HookContext): Promise<void> => {
    const given = data as CameraData
    if (method === 'patch' && given.protocol === undefined && given.streams === undefined) return
    const before =
      method === 'patch' && id !== undefined ? await ctx.running.service(cameras).get(id) : undefined
    const protocol = given.protocol ?? before?.protocol
    if (protocol === undefined || protocol === 'test') return
    const streams = given.streams ?? before?.streams
    if (!streams) throw invalidField('streams', `is required for the protocol ${protocol}`)
    if (given.streams) given.streams = withoutCredentials(given, given.streams)
    for (const key of ['main', 'sub'] as const) {
      const url = (given.streams ?? streams)[key]
      if (typeof url === 'string') await policy.check(protocol, url, `streams.${key}`)
    }
  }
  return { create: check, update: check, patch: check }
}

/** `rtsp://user:secret@camera/` becomes a user name, a sealed password and a URL that may be shown. */
function withoutCredentials(
  data: CameraData,
  streams: NonNullable<CameraData['streams']>
): NonNullable<CameraData['streams']> {
  const clean = (text: string): string => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url || (!url.username && !url.password)) return text
    data.username ??= decodeURIComponent(url.username)
    data.password ??= decodeURIComponent(url.password)
    url.username = ''
    url.password = ''
    return url.href
  }
  return {
    ...streams,
    main: clean(streams.main),
    ...(typeof streams.sub === 'string' && { sub: clean(streams.sub) })
  }
}
