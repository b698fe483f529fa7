import type { ManifestResource } from '../manifest/Manifest.ts'
import type { TypeNames } from '../names/TypeNames.ts'
import { pascal } from '../names/words.ts'
import type { ResourcePlan } from './ClientPlan.ts'
import { sameSchema } from './schemas.ts'

/** Names the types of a resource. A record that would hide a name of the client’s is a `RoomRecord`. */
export function recordNames(resource: ManifestResource, names: TypeNames): ResourcePlan {
  const { path, singular, defaultSort, schemas } = resource
  const base = pascal(singular)
  const record = names.claim(path, base, `${base}Record`)
  return {
    singular,
    defaultSort,
    record,
    detail: sameSchema(schemas.detail, schemas.record) ? record : names.claim(path, `${base}Detail`),
    create: names.claim(path, `${base}Create`),
    update: names.claim(path, `${base}Update`),
    patch: names.claim(path, `${base}Patch`)
  }
}
