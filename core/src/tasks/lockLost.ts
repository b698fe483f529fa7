const LOCK_LOST = 'TASK_LOCK_LOST'

/** What a node gets to hear that renews or finishes a run which another node has taken over. */
export function lockLost(name: string): Error {
  return Object.assign(new Error(`the lock of ${name} was lost to another node`), { code: LOCK_LOST })
}

export function isLockLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_LOST
}
