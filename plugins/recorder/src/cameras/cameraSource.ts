import { PlatformError, type Context, type RecordOf } from '@signalbox/plugin'
import { cameras } from '../resources/cameras.ts'
import type { CameraSource } from '../supervisor/types.ts'

export type Camera = RecordOf<typeof cameras>

/** A camera's stream as ffmpeg needs it, with its password in the clear. To be kept nowhere. */
export async function cameraSource(
  ctx: Context,
  camera: Camera,
  streamKey: 'main' | 'sub' = 'main'
): Promise<CameraSource> {
  const url = camera.protocol === 'test' ? '' : camera.streams?.[streamKey]
  if (url === undefined || url === null) {
    throw new PlatformError('conflict', `The camera ${camera.name} has no ${streamKey} stream.`)
  }
  const { password } = await ctx.reveal(cameras, camera.id)
  return {
    id: camera.id,
    name: camera.name,
    protocol: camera.protocol,
    url,
    ...(camera.username !== null && { username: camera.username }),
    ...(password !== undefined && { password })
  }
}
