import assert from 'node:assert/strict'
import { checkSchedule } from './checkSchedule.ts'

const timeZone = 'Europe/Berlin'

describe('checkSchedule', () => {
  it('accepts five fields and intervals', () => {
    for (const every of ['* * * * *', '30 3 * * 1-5', ' 0 */2 1,15 * * ', 1000, 86_400_000]) {
      checkSchedule('a.b', { every, timeZone }, 1000)
    }
  })

  it('refuses what is no cron expression of five fields', () => {
    for (const every of [
      '',
      '@daily',
      '5 minutes',
      '* * * *',
      '* * * * * *',
      '61 * * * *',
      '0 0 31 2 *',
      'x * * * *'
    ]) {
      assert.throws(() => checkSchedule('a.b', { every, timeZone }, 1000), {
        name: 'BadRequest',
        message: /^Task a\.b: ".*" is no cron expression.*: write five fields/
      })
    }
  })

  it('refuses intervals that are too short or no number', () => {
    for (const every of [0, 999, -5000, 1500.5, NaN, Infinity]) {
      assert.throws(() => checkSchedule('a.b', { every, timeZone }, 1000), {
        message: `Task a.b: an interval of ${every} is not possible; write 1000 milliseconds or more.`
      })
    }
  })

  it('refuses a time zone that does not exist', () => {
    assert.throws(() => checkSchedule('a.b', { every: 1000, timeZone: 'Mars/Phobos' }, 1000), {
      message: /Mars\/Phobos is no time zone/
    })
  })
})
