import { CronExpressionParser } from 'cron-parser'
import { PlatformError } from '@signalbox/plugin'
import { errorText } from '../data/dataError.ts'
import type { Schedule } from './Schedule.ts'

function invalid(name: string, sentence: string, cause?: unknown): PlatformError {
  return new PlatformError('invalid', `Task ${name}: ${sentence}`, { cause })
}

function checkTimeZone(name: string, timeZone: string) {
  try {
    Intl.DateTimeFormat('en', { timeZone })
  } catch (error) {
    throw invalid(name, `${timeZone} is no time zone; write one such as Europe/Berlin.`, error)
  }
}

function checkCron(name: string, expression: string) {
  const fields = expression.trim().split(/\s+/)
  const advice = 'write five fields, such as 30 3 * * 1-5 (minute, hour, day, month, weekday).'
  if (fields.length !== 5) throw invalid(name, `"${expression}" is no cron expression: ${advice}`)
  try {
    CronExpressionParser.parse(expression).next()
  } catch (error) {
    throw invalid(name, `"${expression}" is no cron expression (${errorText(error)}): ${advice}`, error)
  }
}

/**
 * Refuses a schedule that would never run, or not as meant. An interval has `shortestMs` at least.
 *
 * @throws `invalid`
 */
export function checkSchedule(name: string, { every, timeZone }: Schedule, shortestMs: number): void {
  checkTimeZone(name, timeZone)
  if (typeof every === 'string') checkCron(name, every)
  else if (!Number.isSafeInteger(every) || every < shortestMs) {
    throw invalid(name, `an interval of ${every} is not possible; write ${shortestMs} milliseconds or more.`)
  }
}
