import assert from 'node:assert/strict'
import { createSecretBox } from './SecretBox.ts'

describe('the secret box', () => {
  it('opens what it sealed, and never seals the same way twice', () => {
    const box = createSecretBox('one')
    const sealed = box.seal('pa:ss wörd')
    assert.equal(box.open(sealed), 'pa:ss wörd')
    assert.notEqual(box.seal('pa:ss wörd'), sealed)
    assert.ok(!sealed.includes('pa:ss'))
  })

  it('opens with a previous key, and says that it was one', () => {
    const sealed = createSecretBox('old').seal('x')
    const box = createSecretBox('new', ['old'])
    assert.equal(box.open(sealed), 'x')
    assert.ok(box.isStale(sealed))
    assert.ok(!box.isStale(box.seal('x')))
  })

  it('refuses another key and a text that was tampered with', () => {
    const sealed = createSecretBox('one').seal('x')
    assert.throws(() => createSecretBox('two').open(sealed), /another key/)
    const parts = sealed.split('.')
    parts[4] = Buffer.from('y').toString('base64url')
    assert.throws(() => createSecretBox('one').open(parts.join('.')))
    assert.throws(() => createSecretBox('one').open('plain'), /damaged/)
  })
})
