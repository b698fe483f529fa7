import assert from 'node:assert/strict'
import { splitAccessUnits } from './accessUnits.ts'

const SPS = [0x67, 0x42, 0xc0, 0x1e]
const PPS = [0x68, 0xce]
const KEYFRAME = [0x65, 0x88, 0x11]
const PICTURE = [0x41, 0x9a, 0x22]
const NEXT_SLICE = [0x41, 0x4a, 0x33]

function annexB(...nals: number[][]): Buffer {
  return Buffer.from(nals.flatMap((nal) => [0, 0, 0, 1, ...nal]))
}

function types(stream: Buffer): number[][] {
  return splitAccessUnits(stream).map(({ nals }) => nals.map((nal) => nal.readUInt8(0) & 0x1f))
}

describe('splitAccessUnits', () => {
  it('puts the headers in front of a keyframe into its access unit', () => {
    assert.deepEqual(types(annexB(SPS, PPS, KEYFRAME, PICTURE, SPS, PPS, KEYFRAME)), [
      [7, 8, 5],
      [1],
      [7, 8, 5]
    ])
  })

  it('keeps the slices of one picture together', () => {
    assert.deepEqual(types(annexB(SPS, PPS, KEYFRAME, PICTURE, NEXT_SLICE, NEXT_SLICE, PICTURE)), [
      [7, 8, 5],
      [1, 1, 1],
      [1]
    ])
  })

  it('knows which are keyframes', () => {
    const units = splitAccessUnits(annexB(SPS, PPS, KEYFRAME, PICTURE))
    assert.deepEqual(
      units.map(({ keyframe }) => keyframe),
      [true, false]
    )
  })

  it('takes no byte of a start code into a NAL unit, be it three or four bytes long', () => {
    const stream = Buffer.from([0, 0, 0, 1, ...KEYFRAME, 0, 0, 1, ...PICTURE, 0, 0, 0, 1, ...PICTURE])
    assert.deepEqual(
      splitAccessUnits(stream).map(({ nals }) => [...(nals[0] ?? [])]),
      [KEYFRAME, PICTURE, PICTURE]
    )
  })
})
