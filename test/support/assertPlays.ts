import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Decodes a whole file; a fault anywhere in it fails. */
export async function assertPlays(ffmpeg: string, file: string): Promise<void> {
  // Raw video has no time stamps to complain about: a live camera's jitter is not a fault of the file.
  const args = ['-v', 'error', '-i', file, '-an', '-f', 'rawvideo', '-y', '/dev/null']
  const { stderr } = await promisify(execFile)(ffmpeg, args)
  assert.equal(stderr, '', file)
}
