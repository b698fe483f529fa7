import type { Verb } from '@signalbox/plugin'

/** The verb of the permission that each standard method asks for. */
export const verbs: ReadonlyMap<string, Verb> = new Map([
  ['find', 'read'],
  ['get', 'read'],
  ['create', 'create'],
  ['update', 'update'],
  ['patch', 'update'],
  ['remove', 'remove']
])
