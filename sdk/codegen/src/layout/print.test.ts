import assert from 'node:assert/strict'
import { group, hardLine, ifBroken, indent, join, line, softLine, type Doc } from './Doc.ts'
import { print } from './print.ts'

const list = (count: number): Doc =>
  group(
    '[',
    indent(
      softLine,
      join(
        [',', line],
        Array.from({ length: count }, () => 'a'.repeat(20))
      )
    ),
    softLine,
    ']'
  )

describe('laying text out', () => {
  it('keeps a group on one line as long as it fits', () => {
    assert.equal(print(list(5)), `[${Array.from({ length: 5 }, () => 'a'.repeat(20)).join(', ')}]`)
    assert.equal(print(list(6)).split('\n').length, 8)
  })

  it('counts what follows a group up to the next new line', () => {
    const exact = 'b'.repeat(110 - print(list(4)).length)
    assert.equal(print([list(4), exact, hardLine, 'c']).split('\n').length, 2)
    assert.equal(print([list(4), exact, 'b', hardLine, 'c']).split('\n').length, 7)
  })

  it('breaks the outer group and leaves the inner one alone where that is enough', () => {
    const inner = group('(', softLine, 'x'.repeat(60), softLine, ')')
    assert.equal(print(group(inner, line, inner)), `(${'x'.repeat(60)})\n(${'x'.repeat(60)})`)
  })

  it('ends no line with a space', () => {
    assert.equal(print(['a: ', group(indent(softLine, 'b'.repeat(120)))]), `a:\n  ${'b'.repeat(120)}`)
  })

  it('breaks every group around a line that is always a new one', () => {
    const doc = group(
      '{',
      indent(line, group('a', indent(softLine, ifBroken('| '), 'b', hardLine, 'c'))),
      line,
      '}'
    )
    assert.equal(print(doc), '{\n  a\n    | b\n    c\n}')
  })
})
