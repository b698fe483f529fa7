/** `audit-config` → `AuditConfig`, `changePassword` → `ChangePassword`, `job:started` → `JobStarted`. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

/** What the schemas of one resource are called in the documents; they bear its singular. */
export function resourceSchemaNames(singular: string): Record<ResourceSchemaRole, string> {
  const name = pascal(singular)
  return {
    record: name,
    detail: `${name}Detail`,
    create: `${name}Create`,
    update: `${name}Update`,
    patch: `${name}Patch`,
    window: `${name}Window`,
    page: `${name}Page`
  }
}

export type ResourceSchemaRole = 'record' | 'detail' | 'create' | 'update' | 'patch' | 'window' | 'page'

/** What the schemas of a named method are called; they bear the path of their service. */
export function methodSchemaNames(
  path: string,
  method: string
): { readonly input: string; readonly output: string } {
  const name = pascal(path) + pascal(method)
  return { input: `${name}Input`, output: `${name}Output` }
}

/** A reference to a schema of the same document. */
export function schemaRef(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}
