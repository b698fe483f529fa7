import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TemporaryDirectory, temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { installedFfmpegs, notTested } from '../supervisor/support.test.ts'
import { makeExecutable } from './executable.ts'
import { FFMPEG_HINT } from './Ffmpeg.ts'
import { locateFfmpeg } from './locateFfmpeg.ts'

describe('locateFfmpeg', () => {
  let directory: TemporaryDirectory
  let cacheDirectory: string
  beforeEach(async () => {
    directory = await temporaryDirectory()
    cacheDirectory = join(directory.path, 'cache')
  })
  afterEach(() => directory.remove())

  async function script(name: string, text: string): Promise<string> {
    const path = join(directory.path, name)
    await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    return path
  }

  it('says why each unusable candidate was not taken, and goes on', async () => {
    const configuredPath = await script('broken', 'exit 3')
    const path = await script('stranger', 'echo hello')
    const { rejected } = await locateFfmpeg({
      configuredPath,
      cacheDirectory,
      env: { FFMPEG_PATH: path, PATH: join(directory.path, 'nothing') }
    })
    const [first, second] = rejected
    assert.equal(first?.origin, 'configured')
    assert.match(first.reason, /does not run \(exit code 3\)/)
    assert.equal(second?.origin, 'FFMPEG_PATH')
    assert.match(second.reason, /does not answer -version/)
  })

  it('refuses an ffmpeg that cannot read RTSP', async () => {
    const text = 'case "$*" in *-version*) echo "ffmpeg version 9.9"; echo "libavformat    62. 1.100";; esac'
    const { rejected } = await locateFfmpeg({
      configuredPath: await script('small', text),
      cacheDirectory,
      env: {}
    })
    assert.match(rejected[0]?.reason ?? '', /built without RTSP/)
  })

  it('tells that a configured path does not exist', async () => {
    const { rejected } = await locateFfmpeg({ configuredPath: '/nowhere/ffmpeg', cacheDirectory, env: {} })
    assert.match(rejected[0]?.reason ?? '', /ENOENT/)
  })

  it('has a way out to tell when there is none', () => assert.match(FFMPEG_HINT, /apt-get install ffmpeg/))

  it('takes what the environment names before what is on the path', async function () {
    const { system, packaged } = await installedFfmpegs()
    if (!system) notTested(this, 'system')
    if (!packaged) notTested(this, 'packaged')
    const env = { FFMPEG_PATH: packaged.path, PATH: process.env.PATH }
    const { ffmpeg, rejected } = await locateFfmpeg({ cacheDirectory, env })
    assert.deepEqual(rejected, [])
    assert.equal(ffmpeg?.origin, 'FFMPEG_PATH')
    assert.equal(ffmpeg.path, packaged.path)
  })

  it('knows the age of the system ffmpeg and its options', async function () {
    const { system } = await installedFfmpegs()
    if (!system) notTested(this, 'system')
    assert.equal(system.rtspTimeoutOption, system.libavformat < 59 ? '-stimeout' : '-timeout')
    assert.ok(system.ffprobe)
    assert.ok(system.encoders.has('mjpeg'))
  })

  it('knows the age of the packaged ffmpeg and its options', async function () {
    const { packaged } = await installedFfmpegs()
    if (!packaged) notTested(this, 'packaged')
    assert.equal(packaged.libavformat, 58)
    assert.equal(packaged.rtspTimeoutOption, '-stimeout')
    assert.equal(packaged.statsPeriod, false)
    assert.ok(packaged.encoders.has('libx264'))
  })

  it('gives a packaged file the permission that it lacks', async () => {
    const path = await script('tool', 'exit 0')
    await chmod(path, 0o644)
    assert.equal(await makeExecutable(path, cacheDirectory), path)
    assert.equal((await stat(path)).mode & 0o111, 0o111)
  })

  it('copies a file whose permission it may not change', async function () {
    // Even root cannot make this one executable.
    const source = '/proc/self/comm'
    if (!existsSync(source)) this.skip()
    const copy = await makeExecutable(source, cacheDirectory)
    assert.equal(copy, join(cacheDirectory, 'comm'))
    assert.equal((await stat(copy)).mode & 0o100, 0o100)
  })
})
