import assert from 'node:assert/strict'
import { parseFfmpegStreams, parseFfprobeStreams } from './parseStreams.ts'

describe('parseFfprobeStreams', () => {
  it('reads pictures and sound', () => {
    const json = JSON.stringify({
      streams: [
        {
          codec_type: 'video',
          codec_name: 'h264',
          width: 1920,
          height: 1080,
          avg_frame_rate: '0/0',
          r_frame_rate: '25/1'
        },
        { codec_type: 'audio', codec_name: 'pcm_alaw', sample_rate: '8000', channels: 1 }
      ]
    })
    assert.deepEqual(parseFfprobeStreams(json), [
      { type: 'video', codec: 'h264', width: 1920, height: 1080, fps: 25 },
      { type: 'audio', codec: 'pcm_alaw', sampleRate: 8000, channels: 1 }
    ])
  })

  it('gives no rate for a camera that tells its clock instead', () => {
    const json = JSON.stringify({
      streams: [{ codec_type: 'video', codec_name: 'hevc', r_frame_rate: '90000/1' }]
    })
    assert.deepEqual(parseFfprobeStreams(json), [{ type: 'video', codec: 'hevc' }])
  })

  it('finds nothing in what is no JSON', () => assert.deepEqual(parseFfprobeStreams('oops'), []))
})

describe('parseFfmpegStreams', () => {
  it('reads the input and not the output', () => {
    const log = [
      '[info]   Stream #0:0: Video: h264 (High), yuv420p(progressive), 640x360 [SAR 1:1 DAR 16:9], 15 fps, 15 tbr',
      '[info]   Stream #0:1(eng): Audio: pcm_alaw, 8000 Hz, mono, s16, 64 kb/s',
      "[info] Output #0, null, to 'pipe:':",
      '[info]   Stream #0:0: Video: h264 (High), yuv420p(progressive), 640x360, 15 fps'
    ].join('\n')
    assert.deepEqual(parseFfmpegStreams(log), [
      { type: 'video', codec: 'h264', width: 640, height: 360, fps: 15 },
      { type: 'audio', codec: 'pcm_alaw', sampleRate: 8000, channels: 1 }
    ])
  })
})
