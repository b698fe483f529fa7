import { defineCommand } from '@signalbox/plugin'
import { Type } from 'typebox'

const room = Type.Object({ room: Type.String() })

/** The room in which a job's log lines are told. */
export function logRoom(jobId: string): string {
  return `logs:${jobId}`
}

export const subscribeLogs = defineCommand({
  name: 'subscribe:logs',
  description: 'Follows a job’s log: `job:log` comes from now on',
  reply: 'subscribed',
  input: Type.String({ minLength: 1, maxLength: 64, description: 'The job’s id' }),
  output: room
})

export const unsubscribeLogs = defineCommand({
  name: 'unsubscribe:logs',
  description: 'Stops following a job’s log',
  reply: 'unsubscribed',
  input: Type.String({ minLength: 1, maxLength: 64, description: 'The job’s id' }),
  output: room
})
