import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Every file is decoded from its first picture to its last without one complaint. */
export async function assertPlays(files: readonly string[], ffmpeg: string): Promise<void> {
  for (const file of files) {
    const { stderr } = await run(ffmpeg, ['-nostdin', '-v', 'error', '-i', file, '-f', 'null', '-'])
    assert.equal(stderr, '', file)
  }
}
