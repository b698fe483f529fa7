import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import { camel, pascal, propertyKey, quoted } from './words.ts'

describe('names', () => {
  it('become those of types and of fields', () => {
    const cases: [text: string, type: string, field: string][] = [
      ['cameras', 'Cameras', 'cameras'],
      ['api-keys', 'ApiKeys', 'apiKeys'],
      ['coaster/modules', 'CoasterModules', 'coasterModules'],
      ['job:started', 'JobStarted', 'jobStarted'],
      ['changePassword', 'ChangePassword', 'changePassword'],
      ['2fa', '_2fa', '_2fa'],
      ['größen', 'Größen', 'größen'],
      ['m²-flächen', 'MFlächen', 'mFlächen']
    ]
    for (const [text, type, field] of cases) assert.deepEqual([pascal(text), camel(text)], [type, field])
  })

  it('are quoted as keys only where they must be', () => {
    assert.equal(propertyKey('jobId'), 'jobId')
    assert.equal(propertyKey('camera-changed'), "'camera-changed'")
    assert.equal(propertyKey(''), "''")
    assert.equal(propertyKey('2fa'), "'2fa'")
    assert.equal(propertyKey('größe'), "'größe'")
  })

  it('stay texts, whatever is in them', () => {
    for (const text of ["it's", 'say "so"', `'"`, 'a\\b', 'a\nb', '`${x}`', '\u2028', '*/']) {
      assert.equal(runInNewContext(quoted(text)), text)
    }
    assert.equal(quoted("it's"), `"it's"`)
  })
})
