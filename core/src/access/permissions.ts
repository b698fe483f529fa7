import type { DefaultGrants } from '@signalbox/plugin'
import type { Model } from '../resources/Model.ts'

/** A permission key as a plugin declares it. */
export interface Permission {
  readonly key: string
  readonly description: string
  readonly plugin: string
  /** The seeded roles that hold it unless an administrator says otherwise. */
  readonly roles: readonly string[]
  /** Everybody signed in holds it on records of their own. */
  readonly everyone: boolean
}

const verbs = { read: 'See', create: 'Add', update: 'Change', remove: 'Delete' } as const

/** The permissions that follow from a compiled resource or service. */
export function permissionsOf(model: Model): Permission[] {
  const declared = model.kind === 'resource' ? model.resource.grants : model.service.grants
  const added =
    model.kind === 'resource' ? model.augmentations.map(({ augmentation }) => augmentation.grants) : []
  const grants = [declared, ...added].filter((one): one is DefaultGrants => one !== undefined)
  const permission = (name: string, description: string): Permission => ({
    key: `${model.path}:${name}`,
    description,
    plugin: model.plugin,
    roles: (['operator', 'viewer'] as const).filter((role) =>
      grants.some((one) => one[role]?.includes(name))
    ),
    everyone: grants.some((one) => one.owner?.includes(name))
  })
  const crud =
    model.kind === 'resource'
      ? Object.entries(verbs).map(([verb, word]) => permission(verb, `${word} ${model.path}`))
      : []
  const known = new Set(crud.map(({ key }) => key))
  const named = [...model.methods.values()]
    .filter((method) => method.permission.startsWith(`${model.path}:`) && !known.has(method.permission))
    .map((method) => permission(method.permission.slice(model.path.length + 1), method.description))
  return [...crud, ...new Map(named.map((one) => [one.key, one])).values()]
}
