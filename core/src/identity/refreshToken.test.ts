import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import { firstRefreshToken, nextRefreshToken, sessionOf, wasGivenOut } from './refreshToken.ts'

const key = randomBytes(32)

describe('a refresh token', () => {
  it('names its session, and so does each that follows it', () => {
    const id = uuid()
    let token = firstRefreshToken(id, key)
    for (let n = 0; n < 5; n++) {
      assert.equal(sessionOf(token), id)
      assert.ok(wasGivenOut(token, key))
      token = nextRefreshToken(token, id, key)
    }
  })

  it('has one that follows, and never the same one in another session', () => {
    const token = firstRefreshToken(uuid(), key)
    const id = sessionOf(token) ?? ''
    assert.equal(nextRefreshToken(token, id, key), nextRefreshToken(token, id, key))
    assert.notEqual(firstRefreshToken(id, key), firstRefreshToken(id, key))
  })

  it('is told from one that somebody made up, or put together from others', () => {
    const [one, other] = [firstRefreshToken(uuid(), key), firstRefreshToken(uuid(), key)]
    const [id = '', secret = ''] = one.split('.')
    const madeUp = randomBytes(64).toString('base64url').slice(0, 65)
    for (const token of [
      `${id}.${madeUp}`,
      `${id}.${other.split('.')[1]}`,
      `${id}.${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`,
      firstRefreshToken(id, randomBytes(32)),
      id,
      ''
    ]) {
      assert.equal(wasGivenOut(token, key), false, token)
    }
    for (const token of ['', id, `${id}.${secret}x`, `${id}.`, secret, `x${one}`])
      assert.equal(sessionOf(token), undefined, token)
  })
})
