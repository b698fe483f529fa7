import assert from 'node:assert/strict'
import { describeFailure } from './describeFailure.ts'

describe('describeFailure', () => {
  it('prefers a cause that it knows to the line that comes last', () => {
    const lines = [
      '[rtsp @ 0x1] [error] method DESCRIBE failed: 401 Unauthorized',
      '[error] pipe:0: Invalid data found'
    ]
    assert.match(describeFailure(lines) ?? '', /^401 unauthorized: check/)
  })

  it('gives the last line without its marks where it knows no cause', () => {
    assert.equal(describeFailure(['[mp4 @ 0x1] [error] Odd thing happened']), 'Odd thing happened')
  })

  it('has nothing to say where nothing was said', () => assert.equal(describeFailure([]), undefined))
})
