import { defineCommand } from '@signalbox/plugin'
import { Type } from 'typebox'
import { jobs } from './jobs.ts'

const jobId = Type.String({ minLength: 1, maxLength: 64, description: 'The job’s id' })
const room = Type.Object({ room: Type.String() })

/** The room in which a job's log lines are told. */
export function logRoom(jobId: string): string {
  return `logs:${jobId}`
}

export const unsubscribeLogs = defineCommand({
  name: 'unsubscribe:logs',
  description: 'Stops following a job’s log',
  reply: 'unsubscribed',
  input: jobId,
  output: room
})

export const subscribeLogs = defineCommand({
  name: 'subscribe:logs',
  description: 'Follows a job’s log: `job:log` comes from now on',
  reply: 'subscribed',
  input: jobId,
  output: room,
  room: { service: jobs, method: 'followLogs', leave: unsubscribeLogs, events: ['job:log'], key: 'jobId' }
})
