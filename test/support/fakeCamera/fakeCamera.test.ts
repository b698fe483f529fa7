import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FakeCamera } from './fakeCamera.ts'
import { type Ffmpeg, findFfmpeg, type FfmpegSource, rtspTimeout } from './findFfmpeg.ts'
import { killPlayers, Player } from './player.ts'
import { readStamps } from './readStamps.ts'
import { type FakeCameraOptions, startFakeCamera } from './startFakeCamera.ts'

const LOGIN = { username: 'operator', password: 'p@ss:w/rd' }
const WRONG = { ...LOGIN, password: 'guess' }
const INTERVAL = 1000 / 15

let ffmpeg: Ffmpeg
let camera: FakeCamera
let folder: string

async function start(options: FakeCameraOptions = {}): Promise<void> {
  camera = await startFakeCamera({ ffmpeg: ffmpeg.path, ...options })
}

/** Watches over TCP or HTTP, without a long look at the stream before it begins. */
function play(url: string, ...output: string[]): Player {
  const transport = url.startsWith('rtsp:') ? ['-rtsp_transport', 'tcp'] : []
  const quick = ['-analyzeduration', '500000', '-fpsprobesize', '0']
  const input = [...transport, ...quick, '-i', url]
  return new Player(ffmpeg.path, [...input, ...(output.length > 0 ? output : NOWHERE)])
}

const NOWHERE = ['-c', 'copy', '-f', 'null', '-']

function recordTo(file: string, seconds: number): string[] {
  return ['-t', `${seconds}`, '-c', 'copy', join(folder, file)]
}

function assertUnbroken(stamps: number[], { seconds }: { seconds: number }): void {
  assert.ok(stamps.length >= seconds * 15 - 1, `only ${stamps.length} pictures`)
  for (const [index, stamp] of stamps.slice(1).entries()) {
    const step = stamp - (stamps[index] ?? NaN)
    assert.ok(Math.abs(step - INTERVAL) <= 1, `${step} ms between two pictures`)
  }
}

/** Finds the ffmpeg for a suite, or skips it aloud. */
function needFfmpeg(...sources: FfmpegSource[]): void {
  before(async function () {
    const found = await findFfmpeg(...sources)
    if (found) ffmpeg = found
    else {
      const how = sources[0] === 'npm' ? 'npm install @ffmpeg-installer/ffmpeg' : 'apt-get install ffmpeg'
      console.log(`not tested: the fake camera with the ffmpeg from ${sources.join(', ')}; get it by: ${how}`)
      this.skip()
    }
  })
}

describe('startFakeCamera', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fake-camera-'))
  })

  afterEach(async () => {
    await killPlayers()
    await camera.stop()
    await rm(folder, { recursive: true })
  })

  for (const source of ['PATH', 'npm'] as const) {
    describe(`to the ffmpeg from ${source}`, () => {
      needFfmpeg(source)

      for (const transport of ['tcp', 'udp'] as const) {
        it(`streams over ${transport} to who has the login, with a stamp in each picture`, async () => {
          await start({ ...LOGIN, stamp: true })
          const began = Date.now()
          const url = camera.url('/main', camera.login)
          const input = ['-rtsp_transport', transport, ...rtspTimeout(ffmpeg, 5), '-i', url]
          const { code, stderr } = await new Player(ffmpeg.path, [...input, ...recordTo('clip.mp4', 3)]).ended
          assert.equal(code, 0, stderr)
          const stamps = await readStamps(join(folder, 'clip.mp4'), { ffmpeg: ffmpeg.path })
          assertUnbroken(stamps, { seconds: 3 })
          assert.ok((stamps[0] ?? 0) >= began && (stamps.at(-1) ?? Infinity) <= Date.now())
        })
      }

      it('streams MPEG-TS over HTTP to who has the login', async () => {
        await start({ ...LOGIN, stamp: true })
        const { code, stderr } = await play(
          camera.httpUrl('/stream.ts', camera.login),
          ...recordTo('clip.mp4', 3)
        ).ended
        assert.equal(code, 0, stderr)
        const stamps = await readStamps(join(folder, 'clip.mp4'), { ffmpeg: ffmpeg.path })
        assertUnbroken(stamps, { seconds: 3 })
      })

      it('answers 401 to a wrong password', async () => {
        await start(LOGIN)
        const { code, stderr } = await play(camera.url('/main', WRONG)).ended
        assert.equal(code, 1)
        assert.match(stderr, /401 Unauthorized/)
      })

      it('takes Basic and Digest with qop where it asks for them', async () => {
        for (const options of [{ authentication: 'basic' }, { qop: true }] as const) {
          await start({ ...LOGIN, ...options })
          const refused = await play(camera.url('/main', WRONG)).ended
          assert.match(refused.stderr, /401 Unauthorized/)
          const player = play(camera.url('/main', camera.login))
          await once(camera, 'play')
          camera.drop()
          await player.ended
          await camera.stop()
        }
      })

      for (const reset of [false, true]) {
        it(`ends a recording, which stays readable, by ${reset ? 'RST' : 'FIN'}`, async () => {
          await start({ stamp: true })
          const player = play(camera.url(), ...recordTo('clip.mp4', 60))
          await player.until(({ frame }) => Number(frame) > 5)
          const ended = once(camera, 'end')
          camera.drop({ reset })
          await Promise.all([ended, player.ended])
          assert.equal(camera.sessions(), 0)
          const stamps = await readStamps(join(folder, 'clip.mp4'), { ffmpeg: ffmpeg.path })
          assert.ok(stamps.length > 5)
        })
      }
    })
  }

  describe('with faults', () => {
    needFfmpeg('PATH', 'npm')

    it('counts its players by path, and drops those of one path', async () => {
      await start()
      const [main, sub] = [play(camera.url('/main')), play(camera.url('/sub'))]
      while (camera.sessions() < 2) await once(camera, 'play')
      camera.drop({ path: '/sub' })
      await sub.ended
      assert.deepEqual([camera.sessions(), camera.sessions('/main'), camera.sessions('/sub')], [1, 1, 0])
      const teardown = once(camera, 'teardown')
      main.signal('SIGINT')
      assert.deepEqual(await teardown, [{ path: '/main', transport: 'tcp' }])
    })

    it('sends nothing while it is frozen, until a player gives up', async () => {
      await start()
      camera.freeze()
      const url = camera.url()
      const input = ['-rtsp_transport', 'tcp', ...rtspTimeout(ffmpeg, 1), '-i', url]
      const player = new Player(ffmpeg.path, [...input, ...NOWHERE])
      await once(camera, 'play')
      await player.ended
    })

    it('goes on after a thaw', async () => {
      await start({ stamp: true })
      camera.freeze()
      const player = play(camera.url(), ...recordTo('clip.mp4', 1))
      await once(camera, 'play')
      camera.thaw()
      assert.equal((await player.ended).code, 0)
      assertUnbroken(await readStamps(join(folder, 'clip.mp4'), { ffmpeg: ffmpeg.path }), { seconds: 1 })
    })

    it('lets new connections wait for ever while it is silent', async () => {
      await start()
      camera.silent()
      camera.on('request', ({ method }) => assert.fail(`answered ${method}`))
      const input = ['-rtsp_transport', 'tcp', ...rtspTimeout(ffmpeg, 1), '-i', camera.url()]
      const { code } = await new Player(ffmpeg.path, [...input, ...NOWHERE]).ended
      assert.equal(code, 1)
    })

    it('refuses new players with the status it was told, and serves them again once cleared', async () => {
      await start()
      camera.reject(404)
      assert.match((await play(camera.url()).ended).stderr, /404 Not Found/)
      assert.equal((await fetch(camera.httpUrl())).status, 404)
      camera.clear()
      play(camera.url())
      await once(camera, 'play')
    })

    it('jumps in time', async () => {
      await start()
      const player = play(camera.url())
      await player.until(({ frame }) => Number(frame) > 0)
      camera.jump(1000)
      // Named in ms, it is in µs.
      await player.until(({ out_time_ms: time }) => Number(time) > 1000e6)
    })

    it('loses packets over UDP', async () => {
      await start({ stamp: true })
      camera.loss(0.1)
      const input = ['-rtsp_transport', 'udp', '-i', camera.url()]
      const { stderr } = await new Player(ffmpeg.path, [...input, ...recordTo('clip.mp4', 2)]).ended
      assert.match(stderr, /RTP: missed \d+ packets/)
    })

    it('goes offline, where connecting is refused, and online again at the same port', async () => {
      await start()
      const url = camera.url()
      const cut = play(url)
      await once(camera, 'play')
      await camera.offline()
      await cut.ended
      assert.match((await play(url).ended).stderr, /Connection refused/)
      await camera.online()
      play(url)
      await once(camera, 'play')
      assert.equal(camera.url(), url)
    })

    it('begins with a keyframe for who comes late', async () => {
      await start({ stamp: true })
      const first = play(camera.url())
      await first.until(({ frame }) => Number(frame) > 3)
      const { code, stderr } = await play(camera.url(), ...recordTo('clip.mp4', 1)).ended
      assert.equal(code, 0, stderr)
      assertUnbroken(await readStamps(join(folder, 'clip.mp4'), { ffmpeg: ffmpeg.path }), { seconds: 1 })
    })
  })

  describe('from the command line', () => {
    needFfmpeg('PATH', 'npm')

    it('prints its URLs, and stops at SIGTERM', async () => {
      await start()
      const script = join(import.meta.dirname, 'main.ts')
      const args = ['--import', 'tsx', script, '--port', '0', '--ffmpeg', ffmpeg.path]
      const child = spawn(process.execPath, [...args, '--user', 'u', '--password', 'p'])
      const ended = once(child, 'exit')
      const [text] = await once(child.stdout, 'data')
      assert.match(String(text), /^rtsp:\/\/u:p@127\.0\.0\.1:\d+\/main\n/)
      child.kill('SIGTERM')
      assert.deepEqual(await ended, [0, null])
    })
  })
})
