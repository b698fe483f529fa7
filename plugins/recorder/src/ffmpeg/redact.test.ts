import assert from 'node:assert/strict'
import { createRedactor } from './redact.ts'

const ALPHABET = [
  'a',
  'b',
  'X',
  'Y',
  '0',
  '1',
  '9',
  '%',
  '@',
  ':',
  '/',
  "'",
  '"',
  '$',
  '(',
  '*',
  ' ',
  'é',
  '\\'
]

function randomPassword(seed: number): string {
  let state = seed
  const length = 3 + (seed % 9)
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return ALPHABET[state % ALPHABET.length]
  }).join('')
}

describe('createRedactor', () => {
  it('leaves no form of any password in a line', () => {
    for (let seed = 1; seed <= 2_000; seed += 1) {
      const password = randomPassword(seed)
      // What replaces a secret, `//***@`, may of course be seen.
      if (/^[*@/]+$/.test(password)) continue
      const encoded = encodeURIComponent(password)
      const basic = Buffer.from(`admin:${password}`).toString('base64')
      const redact = createRedactor({ username: 'admin', password })
      const line = redact(
        `a ${password} b rtsp://admin:${encoded}@cam/1 c ${encoded.toLowerCase()} d Basic ${basic}`
      )
      for (const form of [password, encoded, basic]) {
        assert.ok(!line.includes(form), `${JSON.stringify(password)} is still in ${line}`)
      }
    }
  })

  it('removes the user info of a URL that it was not told of', () => {
    const line = createRedactor()("Impossible to open 'rtsp://bob:p@ss@10.0.0.7:554/live?tcp'")
    assert.equal(line, "Impossible to open 'rtsp://***@10.0.0.7:554/live?tcp'")
  })

  it('removes parameters of a URL that are called like a secret', () => {
    const line = createRedactor()('http://cam/video?user=bob&pwd=1234&channel=2')
    assert.equal(line, 'http://cam/video?user=***&pwd=***&channel=2')
  })

  it('leaves a line without credentials as it is', () => {
    const line = '[rtsp @ 0x55] [error] method DESCRIBE failed: 404 Not Found'
    assert.equal(createRedactor({ username: 'admin', password: 'secret' })(line), line)
  })
})
