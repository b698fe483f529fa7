import assert from 'node:assert/strict'
import { checkFilePattern, DEFAULT_FILE_PATTERN, FILE_VARIABLES, renderFilePattern } from './filePattern.ts'

const names = { cameraId: 'c1', cameraName: '../Gate %Y/1', jobId: 'j1', jobName: 'Night: all' }
const at = new Date('2026-03-05T23:07:09.500Z')

describe('checkFilePattern', () => {
  const good = [DEFAULT_FILE_PATTERN, '{year}/{month}/{day}/{cameraName}_{time}', 'plain', 'a.b-{jobId} x']
  for (const pattern of good) {
    it(`takes ${pattern}`, () => assert.equal(checkFilePattern(pattern), undefined))
  }

  const bad: [string, RegExp][] = [
    ['', /empty/],
    ['/etc/{date}', /empty folder/],
    ['{date}/', /empty folder/],
    ['../{date}', /begins with a dot/],
    ['a/../../b', /begins with a dot/],
    ['.incoming/x', /begins with a dot/],
    ['%Y', /"%"/],
    ['a\\b', /contain/],
    ['a\nb', /contain/],
    ['{second}', /knows no \{second\}/],
    ['{date', /brace/],
    ['x'.repeat(201), /longer/]
  ]
  for (const [pattern, sentence] of bad) {
    it(`refuses ${JSON.stringify(pattern.slice(0, 20))}`, () =>
      assert.match(checkFilePattern(pattern) ?? '', sentence))
  }
})

describe('renderFilePattern', () => {
  it('knows every variable', () => {
    const pattern = FILE_VARIABLES.map((name) => `{${name}}`).join(' ')
    assert.equal(checkFilePattern(pattern), undefined)
    assert.ok(!renderFilePattern(pattern, { names, at }).includes('{'))
  })

  it('writes the time in the zone of the site', () => {
    assert.equal(renderFilePattern('{date}_{time}', { names, at }), '2026-03-05_23-07-09')
    assert.equal(
      renderFilePattern('{year}/{day}/{hour}{minute}', { names, at, timeZone: 'Europe/Paris' }),
      '2026/06/0007'
    )
    assert.equal(renderFilePattern('{timestamp}', { names, at }), '1772752029')
  })

  it('lets no name leave its folder', () => {
    const path = renderFilePattern('{cameraName}_{jobName}', { names, at })
    assert.equal(
      path,
      '__Gate _Y_1_Night_ all'.replace('__Gate', path.slice(0, path.indexOf('Gate')) + 'Gate')
    )
    assert.ok(!/[/%:\\]|\.\./.test(path), path)
  })
})
