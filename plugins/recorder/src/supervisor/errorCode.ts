/** The code that a system call failed with: `ENOENT`, `EEXIST`. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
