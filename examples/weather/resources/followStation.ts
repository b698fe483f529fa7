import { Type } from 'typebox'
import { defineCommand } from '@signalbox/plugin'

/** The room in which a station's measurements are told. */
export function stationRoom(id: string): string {
  return `station:${id}`
}

export const followStation = defineCommand({
  name: 'follow:station',
  description: 'Follows a station: `measurement` comes from now on',
  reply: 'following',
  input: Type.String({ minLength: 1, maxLength: 64, description: 'The station’s id' }),
  output: Type.Object({ room: Type.String() })
})
