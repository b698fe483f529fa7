import type { DeclarationCheck } from '../Check.ts'

/** All plugins of a deployment share a database. */
export const prefixesTables: DeclarationCheck = {
  title: 'names its tables by its own prefix',
  faults: ({ resources = [], augmentations = [] }, name) => {
    const prefix = `${name.replaceAll('-', '_')}_`
    return [...resources, ...augmentations]
      .flatMap(({ table }) => table ?? [])
      .filter((table) => !table.startsWith(prefix))
      .map((table) => `the table ${table} could be anybody’s: call it ${prefix}${table}`)
  }
}
