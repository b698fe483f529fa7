import assert from 'node:assert/strict'
import { JoinedFrames, type Packet } from './JoinedFrames.ts'

describe('Frames that are joined', () => {
  const told = (text: string): Packet => ({
    options: { wsPreEncodedFrame: [Buffer.from(`<${text.length}>`), Buffer.from(text)] }
  })
  const [one, other] = [told('one'), told('other')]

  it('are all bytes in order', () => {
    assert.equal(new JoinedFrames().join([one, other, one])?.toString(), '<3>one<5>other<3>one')
  })

  it('are shared by those who are told the same, in the same order', () => {
    const frames = new JoinedFrames()
    const joined = frames.join([one, other])
    assert.equal(frames.join([one, other]), joined)
    assert.equal(frames.join([other, one])?.toString(), '<5>other<3>one')
    assert.equal(frames.join([one])?.toString(), '<3>one')
    assert.equal(frames.join([one, other]), joined)
  })

  it('are not joined with what is for one socket alone', () => {
    assert.equal(new JoinedFrames().join([one, { data: 'an answer', options: {} }]), undefined)
  })
})
