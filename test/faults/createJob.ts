import assert from 'node:assert/strict'
import type { FakeCamera } from '../support/fakeCamera/index.ts'
import type { Answer } from '../support/startTestPlatform.ts'

/** Whoever can call the API of a platform. */
export interface ApiCaller {
  api(method: string, path: string, body?: unknown): Promise<Answer>
}

/** Puts a fake camera and a continuous job of two-second files into a platform, and returns the job's id. */
export async function createJob(
  caller: ApiCaller,
  camera: FakeCamera,
  { name, ...options }: { readonly name: string; readonly maxRetries?: number }
): Promise<string> {
  const created = await caller.api('POST', '/cameras', {
    name,
    protocol: 'rtsp',
    streams: { main: camera.url('/main') },
    ...camera.login
  })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  const cameraId: string = created.body.id
  // Enough tries for a fault to end before the job is given up.
  const job = await caller.api('POST', '/jobs', {
    name,
    cameraId,
    segmentDuration: 2,
    maxRetries: 20,
    ...options
  })
  assert.equal(job.status, 201, JSON.stringify(job.body))
  return job.body.id
}
