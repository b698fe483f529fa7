import { Type } from 'typebox'
import { defineCommand } from '@signalbox/plugin'
import { stations } from './stations.ts'

const stationId = Type.String({ minLength: 1, maxLength: 64, description: 'The station’s id' })
const room = Type.Object({ room: Type.String() })

/** The room in which a station's measurements are told. */
export function stationRoom(id: string): string {
  return `station:${id}`
}

export const unfollowStation = defineCommand({
  name: 'unfollow:station',
  description: 'Stops following a station',
  reply: 'unfollowed',
  input: stationId,
  output: room
})

export const followStation = defineCommand({
  name: 'follow:station',
  description: 'Follows a station: `measurement` comes from now on',
  reply: 'following',
  input: stationId,
  output: room,
  room: {
    service: stations,
    method: 'follow',
    leave: unfollowStation,
    events: ['measurement'],
    key: 'stationId'
  }
})
