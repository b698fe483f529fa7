import type { ManifestResource } from '../manifest/Manifest.ts'
import type { Declaration, ResourcePlan } from './ClientPlan.ts'
import { fieldsBeside } from './schemas.ts'

/** The interfaces of a resource’s records, and of what its standard methods take. */
export function recordDeclarations(resource: ManifestResource, plan: ResourcePlan): Declaration[] {
  const { description, schemas, singular } = resource
  const { record, detail, create, update, patch } = plan
  const more = fieldsBeside(schemas.detail, schemas.record)
  const updateMore = fieldsBeside(schemas.update, schemas.create)
  const sent = (name: string, method: string): Omit<Declaration, 'schema'> => ({
    name,
    description: `What \`${method}\` takes.`,
    isSent: true
  })
  return [
    { name: record, description, schema: schemas.record, isSent: false },
    ...(detail === record
      ? []
      : [
          {
            name: detail,
            description: `A ${singular} as \`get\` answers it.`,
            schema: more ?? schemas.detail,
            base: more && record,
            isSent: false
          }
        ]),
    { ...sent(create, 'create'), schema: schemas.create },
    { ...sent(update, 'update'), schema: updateMore ?? schemas.update, base: updateMore && create },
    { ...sent(patch, 'patch'), schema: schemas.patch }
  ]
}
