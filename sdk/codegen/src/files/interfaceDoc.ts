import { hardLine, indent, join, type Doc } from '../layout/Doc.ts'
import type { Declaration, TypeUse } from '../plan/ClientPlan.ts'
import { comment } from '../types/comment.ts'
import { fieldsDoc, typeDoc, type NameOf } from '../types/typeDoc.ts'

/** An exported interface with these members, a comment above it. */
export function interfaceDoc(
  head: Doc,
  members: readonly Doc[],
  ...said: readonly (string | undefined)[]
): Doc {
  const body = members.length ? ['{', indent(hardLine, join(hardLine, members)), hardLine, '}'] : '{}'
  return [comment(...said), 'export interface ', head, ' ', body]
}

export function declarationDoc(declaration: Declaration, nameOf: NameOf): Doc {
  const { name, description, schema, base, isSent } = declaration
  const from = base === undefined ? '' : ` extends ${base}`
  return [comment(description), `export interface ${name}${from} `, fieldsDoc(schema, { isSent, nameOf })]
}

export function useDoc(use: TypeUse, nameOf: NameOf): Doc {
  if ('name' in use) return use.isList ? `${use.name}[]` : use.name
  return typeDoc(use.schema, { isSent: use.isSent, nameOf })
}
