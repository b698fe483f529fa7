import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Every file is decoded from its first picture to its last without one complaint. */
export async function assertPlays(files: readonly string[], ffmpeg: string): Promise<void> {
  // Pictures that arrived in a burst are nearer to each other than one tick of the frame rate.
  const output = ['-enc_time_base', '1:90000', '-f', 'null', '-']
  for (const file of files) {
    const { stderr } = await run(ffmpeg, ['-nostdin', '-v', 'error', '-i', file, ...output])
    assert.equal(stderr, '', file)
  }
}
