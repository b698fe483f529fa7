import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../../../test/support/program.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../../../test/support/temporaryDirectory.ts'
import { lockDirectory } from './lockDirectory.ts'

const module = new URL('./lockDirectory.ts', import.meta.url).href

const holder = (directory: string) => `
  import { lockDirectory } from ${JSON.stringify(module)}
  await lockDirectory(${JSON.stringify(directory)})
  console.log('locked')
  setInterval(() => {}, 1000)`

describe('lockDirectory', () => {
  let temporary: TemporaryDirectory
  let directory: string

  beforeEach(async () => {
    temporary = await temporaryDirectory()
    directory = join(temporary.path, 'database')
  })
  afterEach(() => temporary.remove())

  it('refuses a second lock and names the directory, the holder and the way out', async () => {
    const release = await lockDirectory(directory)
    try {
      await assert.rejects(lockDirectory(directory), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'DATA_DIRECTORY_LOCKED')
        assert.match(error.message, new RegExp(`${directory} is in use.*pid ${process.pid}.*stop it`))
        return true
      })
    } finally {
      await release()
    }
  })

  it('is free again after its release, and leaves no file behind', async () => {
    const release = await lockDirectory(directory)
    await release()
    await release()
    assert.equal(existsSync(`${directory}.lock`), false)
    await (
      await lockDirectory(directory)
    )()
  })

  it('ends with a process that is killed', async () => {
    const program = await startProgram(temporary.path, 'holder', holder(directory))
    await program.line(/locked/)
    await assert.rejects(lockDirectory(directory), { code: 'DATA_DIRECTORY_LOCKED' })
    program.child.kill('SIGKILL')
    await program.ended
    await (
      await lockDirectory(directory)
    )()
  })

  it('locks directories of one parent independently', async () => {
    const releases = await Promise.all([lockDirectory(directory), lockDirectory(`${directory}2`)])
    for (const release of releases) await release()
  })
})
