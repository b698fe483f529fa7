import assert from 'node:assert/strict'
import { RequestParser } from './requestParser.ts'

const OPTIONS = 'OPTIONS rtsp://127.0.0.1/main RTSP/1.0\r\nCSeq: 1\r\n\r\n'
const RECEIVER_REPORT = '$\x01\x00\x08\r\n\r\n\r\n\r\n'

function methods(...pieces: string[]): string[] {
  const parser = new RequestParser()
  return pieces.flatMap((piece) => parser.feed(Buffer.from(piece, 'latin1'))).map(({ method }) => method)
}

describe('RequestParser', () => {
  it('reads a request that arrives byte by byte', () => {
    assert.deepEqual(methods(...OPTIONS.split('')), ['OPTIONS'])
  })

  it('reads several requests of one piece', () => {
    assert.deepEqual(methods(OPTIONS + OPTIONS), ['OPTIONS', 'OPTIONS'])
  })

  it('reads past interleaved packets, even those that look like the end of a request', () => {
    assert.deepEqual(methods(RECEIVER_REPORT + OPTIONS + RECEIVER_REPORT, OPTIONS), ['OPTIONS', 'OPTIONS'])
    assert.deepEqual(methods(...(RECEIVER_REPORT + OPTIONS).split('')), ['OPTIONS'])
  })

  it('reads past the body of a request', () => {
    const request = 'GET_PARAMETER * RTSP/1.0\r\nContent-Length: 6\r\n\r\n'
    assert.deepEqual(methods(request, 'jitter', OPTIONS), ['GET_PARAMETER', 'OPTIONS'])
  })

  it('tells RTSP from HTTP', () => {
    const [request] = new RequestParser().feed(Buffer.from('GET /stream.ts HTTP/1.1\r\nHost: camera\r\n\r\n'))
    assert.equal(request?.protocol, 'HTTP/1.1')
    assert.equal(request?.headers.get('host'), 'camera')
  })
})
