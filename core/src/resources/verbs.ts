import type { Verb } from '@signalbox/plugin'

/** The verb of the permission that each standard method asks for. */
export const verbs = {
  find: 'read',
  get: 'read',
  create: 'create',
  update: 'update',
  patch: 'update',
  remove: 'remove'
} as const satisfies Readonly<Record<string, Verb>>

export type StandardName = keyof typeof verbs

export function isStandard(method: string): method is StandardName {
  return Object.hasOwn(verbs, method)
}
