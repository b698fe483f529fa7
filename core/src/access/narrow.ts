import type { Grant } from './evaluate.ts'

/**
 * What is left of grants under a list of permissions: of each grant the part that the list names too. Denies stay
 * whole, since they only take away.
 */
export function narrow(grants: readonly Grant[], permissions: readonly string[]): Grant[] {
  return grants.flatMap((grant) => {
    if (grant.effect === 'deny') return grant
    return permissions.flatMap((permission) => {
      const common = commonPart(grant.permission, permission)
      return common === undefined ? [] : { ...grant, permission: common }
    })
  })
}

function commonPart(one: string, other: string): string | undefined {
  if (includes(one, other)) return other
  return includes(other, one) ? one : undefined
}

/** Whether a pattern takes in another, or a key: `*` everything, `cameras:*` what is of cameras. */
function includes(wide: string, narrow: string): boolean {
  if (wide === '*' || wide === narrow) return true
  return wide.endsWith(':*') && narrow.startsWith(wide.slice(0, -1))
}
