import type { ResourceModel } from './Model.ts'
import { toSnake } from './names.ts'

/** The columns from which a record's place in the scope tree follows: its own, or its parent's. */
export interface Place {
  readonly table: string
  readonly own?: string
  readonly node?: string
  readonly parent?: { readonly column: string; readonly place: Place }
}

/** Where the records of a resource stand; undefined where nothing says so, and grants hold everywhere or nowhere. */
export function placeOf(
  model: ResourceModel,
  modelOf: (path: string) => ResourceModel | undefined,
  below: readonly string[] = []
): Place | undefined {
  const { scopes, table, path } = model.resource
  if (!scopes) return undefined
  for (const field of 'via' in scopes ? [scopes.via] : [scopes.own, scopes.node]) {
    if (field !== undefined && model.layout.byField.get(field)?.side !== undefined)
      throw new Error(`${path}: a field of its scopes must be its own, and ${field} is another plugin’s.`)
    if (field !== undefined && !model.layout.byField.has(field))
      throw new Error(`${path}: its scopes name ${field}, which is not one of its fields.`)
  }
  if (!('via' in scopes)) {
    const { own, node } = scopes
    return {
      table,
      ...(own !== undefined && { own: toSnake(own) }),
      ...(node !== undefined && { node: toSnake(node) })
    }
  }
  const parent = modelOf(scopes.parent)
  if (!parent || below.includes(scopes.parent))
    throw new Error(`${path} takes its scopes from ${scopes.parent}, which has none to give.`)
  const place = placeOf(parent, modelOf, [...below, path])
  if (!place) throw new Error(`${path} takes its scopes from ${scopes.parent}, which declares none.`)
  return { table, parent: { column: toSnake(scopes.via), place } }
}
