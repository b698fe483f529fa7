import assert from 'node:assert/strict'
import { clientAddress } from './clientAddress.ts'

const from = (forwarded: string | string[] | undefined, remoteAddress = '10.0.0.9') => ({
  headers: { 'x-forwarded-for': forwarded },
  socket: { remoteAddress }
})

describe('The address of a client', () => {
  it('is the peer’s own where no proxy is trusted, whatever the header says', () => {
    assert.equal(clientAddress(from('192.0.2.1'), false), '10.0.0.9')
    assert.equal(clientAddress(from(undefined, '::ffff:10.0.0.9'), false), '10.0.0.9')
  })

  it('is what the trusted proxy added, not what the client wrote before it', () => {
    assert.equal(clientAddress(from('203.0.113.5, 192.0.2.1'), true), '192.0.2.1')
    assert.equal(clientAddress(from(['203.0.113.5', '192.0.2.1']), true), '192.0.2.1')
    assert.equal(clientAddress(from('192.0.2.1:50123'), true), '192.0.2.1')
    assert.equal(clientAddress(from('[2001:db8::1]:50123'), true), '2001:db8::1')
    assert.equal(clientAddress(from('2001:db8::1'), true), '2001:db8::1')
  })

  it('is the proxy’s where the header names no address', () => {
    for (const nothing of [undefined, '', 'unknown', '<script>', '192.0.2.1, nobody'])
      assert.equal(clientAddress(from(nothing), true), '10.0.0.9')
  })
})
