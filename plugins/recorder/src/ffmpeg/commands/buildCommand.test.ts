import assert from 'node:assert/strict'
import { jobSpec } from '../../supervisor/support.test.ts'
import type { CameraProtocol, CameraSource, JobAction } from '../../supervisor/types.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'
import { buildCommand } from './buildCommand.ts'
import { REDIRECT_URL } from './Command.ts'

const modern: Ffmpeg = {
  path: '/usr/bin/ffmpeg',
  version: '5.1',
  libavformat: 59,
  rtspTimeoutOption: '-timeout',
  statsPeriod: true,
  encoders: new Set(['libx264', 'libx265', 'mjpeg', 'aac']),
  origin: 'PATH'
}
const old: Ffmpeg = { ...modern, libavformat: 58, rtspTimeoutOption: '-stimeout', statsPeriod: false }

function camera(protocol: CameraProtocol): CameraSource {
  const scheme = protocol === 'onvif' ? 'rtsp' : protocol
  return {
    id: 'c',
    name: 'Gate',
    protocol,
    url: `${scheme}://cam.local/live`,
    username: 'admin',
    password: 'hunter2'
  }
}

const ACTIONS: JobAction[] = ['record', 'snapshot', 'timelapse', 'detect_motion', 'test_connection']

describe('buildCommand', () => {
  for (const [age, ffmpeg] of [
    ['modern', modern],
    ['old', old]
  ] as const) {
    for (const action of ACTIONS) {
      it(`keeps the camera's URL out of the arguments (${action}, ${age} ffmpeg)`, () => {
        for (const protocol of ['rtsp', 'rtmp', 'http', 'onvif'] as const) {
          const command = buildCommand(
            jobSpec('/rec', { action, camera: camera(protocol) }),
            ffmpeg,
            '/rec/.incoming/r'
          )
          assert.ok(!command.args.join(' ').includes('cam.local'))
          assert.match(command.stdin ?? command.redirectTo ?? '', /admin:hunter2@cam\.local/)
        }
      })
    }
  }

  it('asks for TCP and a time limit in the way that each ffmpeg understands', () => {
    const spec = jobSpec('/rec', { camera: camera('rtsp') })
    assert.match(
      buildCommand(spec, modern, '/rec').stdin ?? '',
      /option rtsp_transport tcp\noption timeout 5000000\n/
    )
    const { args } = buildCommand(spec, old, '/rec')
    assert.equal(args[args.indexOf('-stimeout') + 1], '5000000')
    assert.equal(args[args.indexOf('-i') + 1], REDIRECT_URL)
  })

  it('takes a per cent sign in a folder for what it is', () => {
    const { args } = buildCommand(jobSpec('/rec'), modern, '/rec/100%d/.incoming/r')
    assert.equal(args.at(-1), '/rec/100%%d/.incoming/r/%06d.mp4')
  })

  it('joins the filters of the template, the resolution and the job', () => {
    const spec = jobSpec('/rec', {
      codec: 'h264',
      resolution: '320x180',
      extraArgs: ['-vf', 'hflip', '-r', '5']
    })
    const { args } = buildCommand(spec, modern, '/rec')
    assert.equal(args[args.indexOf('-vf') + 1], 'scale=320:180,hflip')
    assert.equal(args.filter((arg) => arg === '-vf').length, 1)
    assert.equal(args[args.indexOf('-r') + 1], '5')
  })

  it('fills in the variables of a custom command and nothing else', () => {
    const customCommand = { program: '/bin/echo', args: ['{url}', '{output}/x', '{password}', '$(id)'] }
    const spec = jobSpec('/rec', { action: 'custom_command', customCommand, camera: camera('rtsp') })
    const { program, args } = buildCommand(spec, undefined, '/rec/r')
    assert.equal(program, '/bin/echo')
    assert.deepEqual(args, ['rtsp://cam.local/live', '/rec/r/x', '{password}', '$(id)'])
  })

  const refused: [string, Parameters<typeof jobSpec>[1], string, RegExp][] = [
    ['extra arguments', { extraArgs: ['-f', 'tee'] }, 'INVALID_JOB', /"-f"/],
    ['a pattern', { filePattern: '../x' }, 'INVALID_JOB', /dot/],
    ['a resolution', { resolution: '640:360,movie=x' }, 'INVALID_JOB', /640x360/],
    ['a segment duration', { segmentDuration: 0 }, 'INVALID_JOB', /less than a second/],
    ['a custom command without one', { action: 'custom_command' }, 'INVALID_JOB', /no command/]
  ]
  for (const [what, changes, code, message] of refused) {
    it(`refuses ${what} that it does not allow`, () => {
      assert.throws(() => buildCommand(jobSpec('/rec', changes), modern, '/rec'), { code, message })
    })
  }

  it('tells how to get an ffmpeg where there is none', () => {
    const expected = { code: 'FFMPEG_MISSING', message: /apt-get install ffmpeg/ }
    assert.throws(() => buildCommand(jobSpec('/rec'), undefined, '/rec'), expected)
  })

  it('refuses a codec that this ffmpeg cannot write', () => {
    const poor = { ...modern, encoders: new Set(['mpeg4']) }
    const expected = { code: 'INVALID_JOB', message: /without libx264/ }
    assert.throws(() => buildCommand(jobSpec('/rec', { codec: 'h264' }), poor, '/rec'), expected)
  })
})
