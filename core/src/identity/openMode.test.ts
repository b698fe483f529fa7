import assert from 'node:assert/strict'
import { openMode } from './openMode.ts'

describe('open mode', () => {
  const callerOf = openMode('viewer')

  it('gives its role to requests made on this machine', () => {
    for (const headers of [
      { host: '127.0.0.1:3030' },
      { host: 'localhost' },
      { host: '[::1]:80', origin: 'http://localhost:5173' }
    ]) {
      assert.deepEqual(callerOf({ headers })?.roles, ['viewer'])
    }
  })

  it('answers no page of elsewhere, no re-bound name and no proxy', () => {
    const cases: NodeJS.Dict<string>[] = [
      {},
      { host: 'evil.example' },
      { host: '127.0.0.1.evil.example' },
      { host: 'localhost', origin: 'https://evil.example' },
      { host: 'localhost', origin: 'null' },
      { host: 'localhost', 'x-forwarded-for': '10.0.0.1' },
      { host: 'localhost', forwarded: 'for=10.0.0.1' },
      { host: 'localhost', via: '1.1 proxy' }
    ]
    for (const headers of cases) assert.equal(callerOf({ headers }), undefined, JSON.stringify(headers))
  })

  it('is nobody where it is not configured', () => {
    assert.equal(openMode(undefined)({ headers: { host: 'localhost' } }), undefined)
  })
})
