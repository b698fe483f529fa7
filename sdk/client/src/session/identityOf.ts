/** Whose token it is: the same for each token of one user, and another for each other token. Not checked in any way. */
export function identityOf(token: string | undefined): string {
  try {
    const payload = token?.split('.')[1] ?? ''
    const { sub } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: string }
    return sub ?? token ?? ''
  } catch {
    return token ?? ''
  }
}
