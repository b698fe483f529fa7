import type { Context } from '@signalbox/plugin'
import { cameras } from '../resources/cameras.ts'
import type { Camera } from './cameraSource.ts'

/** A camera and its password as it is stored, sealed: another text there is another password. */
export interface SealedCamera {
  readonly camera: Camera
  readonly sealed: string | null
}

/** All cameras, or the one named, by id. */
export async function sealedCameras(ctx: Context, id?: string): Promise<ReadonlyMap<string, SealedCamera>> {
  const found = await ctx.service(cameras).find(id === undefined ? {} : { id })
  const stored = ctx.db()('recorder_cameras').whereNotNull('password')
  const rows = (await (id === undefined ? stored : stored.where({ id })).select('id', 'password')) as {
    id: string
    password: string
  }[]
  const passwords = new Map(rows.map((row) => [row.id, row.password]))
  return new Map(found.map((camera) => [camera.id, { camera, sealed: passwords.get(camera.id) ?? null }]))
}
