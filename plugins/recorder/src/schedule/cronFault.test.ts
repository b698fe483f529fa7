import assert from 'node:assert/strict'
import { cronFault } from './cronFault.ts'

describe('cronFault', () => {
  for (const pattern of [
    '0 8 * * *',
    '*/10 0 8 * * *',
    '  0 8  * * MON-FRI ',
    '0 8 L * *',
    '0 8 1,15,L jan-mar/2 *',
    '0 8 * * mon#2',
    '0 8 * * 1-5#L',
    '5/10 8-18/2 * * 7'
  ]) {
    it(`takes "${pattern}"`, () => assert.equal(cronFault(pattern), undefined))
  }

  const refused: [pattern: string, culprit: RegExp][] = [
    ['', /five fields/],
    ['@daily', /five fields/],
    ['2026-05-01T08:00:00', /five fields/],
    ['0 8 * *', /five fields/],
    ['0 0 8 * * * *', /five fields/],
    ['60 8 * * *', /"60" is no minute/],
    ['0 24 * * *', /"24" is no hour/],
    ['0 8 32 * *', /"32" is no day of month/],
    ['0 8 * 13 *', /"13" is no month/],
    ['0 8 * * 8', /"8" is no day of week/],
    ['61 0 8 * * *', /"61" is no second/],
    ['0 18-8 * * *', /"18-8" is no hour/],
    ['*/0 8 * * *', /no minute/],
    ['5x 8 * * *', /no minute/],
    ['5* 8 * * *', /no minute/],
    ['0 8 * janfeb *', /no month/],
    ['0 8 15L * *', /no day of month/],
    ['0 8 * * 5L', /no day of week/],
    ['0 8 * * 1#6', /no day of week/],
    ['0 ? * * *', /no hour/]
  ]
  for (const [pattern, culprit] of refused) {
    it(`refuses "${pattern}" and names the culprit`, () => assert.match(cronFault(pattern) ?? '', culprit))
  }
})
