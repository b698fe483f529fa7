import assert from 'node:assert/strict'
import { createServer, type Server, type Socket } from 'node:net'
import { commandLines, installedFfmpegs, notTested, testCamera } from '../supervisor/support.test.ts'
import type { CameraSource } from '../supervisor/types.ts'
import type { Ffmpeg } from './Ffmpeg.ts'
import { probeCamera } from './probeCamera.ts'

const PASSWORD = "s3cr3t'/@word"

/** A camera that wants a password, or that takes every connection and says nothing. */
class StubbornCamera {
  readonly #sockets = new Set<Socket>()
  readonly requests: string[] = []
  readonly #server: Server

  constructor(kind: 'refuses' | 'silent') {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('data', (chunk) => {
        const request = chunk.toString('latin1')
        this.requests.push(request)
        if (kind === 'silent') return
        const sequence = /CSeq: (\d+)/.exec(request)?.[1]
        const head = request.startsWith('DESCRIBE')
          ? 'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm="cam"'
          : 'RTSP/1.0 200 OK\r\nPublic: OPTIONS, DESCRIBE'
        socket.write(`${head}\r\nCSeq: ${sequence}\r\n\r\n`)
      })
    })
  }

  async listen(): Promise<CameraSource> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const url = `rtsp://127.0.0.1:${port}/live`
    return { id: 'c', name: 'c', protocol: 'rtsp', url, username: 'admin', password: PASSWORD }
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

for (const which of ['system', 'packaged'] as const) {
  for (const withFfprobe of [true, false]) {
    describe(`probeCamera (${which} ffmpeg, ${withFfprobe ? 'with' : 'without'} ffprobe)`, () => {
      let ffmpeg: Ffmpeg
      let camera: StubbornCamera | undefined
      before(async function () {
        const found = (await installedFfmpegs())[which]
        if (!found) notTested(this, which)
        const { ffprobe, ...alone } = found
        ffmpeg = withFfprobe && ffprobe ? { ...alone, ffprobe } : alone
      })
      afterEach(() => camera?.close())

      it('sees the test picture', async () => {
        const { success, streams, error } = await probeCamera(ffmpeg, testCamera)
        assert.equal(error, undefined)
        assert.ok(success)
        const [{ type, width, height, fps } = {}] = streams
        assert.deepEqual({ type, width, height, fps }, { type: 'video', width: 640, height: 360, fps: 15 })
      })

      it('sends the credentials, and says so when they are wrong', async () => {
        camera = new StubbornCamera('refuses')
        const { success, error } = await probeCamera(ffmpeg, await camera.listen())
        assert.equal(success, false)
        assert.match(error ?? '', /^401 unauthorized/)
        const basic = Buffer.from(`admin:${PASSWORD}`).toString('base64')
        assert.ok(camera.requests.some((request) => request.includes(`Basic ${basic}`)))
      })

      it('says that nothing listens', async () => {
        camera = new StubbornCamera('silent')
        const source = await camera.listen()
        camera.close()
        const { success, error, durationMs } = await probeCamera(ffmpeg, source)
        assert.equal(success, false)
        assert.match(error ?? '', /^connection refused/)
        assert.ok(durationMs < 5_000)
      })

      it('gives a silent camera up in time, and shows no credentials meanwhile', async () => {
        camera = new StubbornCamera('silent')
        const source = await camera.listen()
        const probing = probeCamera(ffmpeg, source, { timeoutMs: 1_500 })
        const port = new URL(source.url).port
        let shown: string[] = []
        while (camera.requests.length === 0) {
          shown = [...shown, ...(await commandLines())]
        }
        assert.ok(!shown.some((line) => line.includes('s3cr3t')))
        assert.ok(!shown.some((line) => line.includes(`127.0.0.1:${port}`)))
        const { success, error } = await probing
        assert.equal(success, false)
        assert.equal(error, 'timed out after 1.5 s')
      })

      it('can be called off', async () => {
        camera = new StubbornCamera('silent')
        const source = await camera.listen()
        await assert.rejects(probeCamera(ffmpeg, source, { signal: AbortSignal.timeout(200) }), {
          name: 'TimeoutError'
        })
      })
    })
  }
}
