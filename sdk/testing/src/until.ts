/** How long {@link until} asks, and how often, in milliseconds. */
export interface UntilOptions {
  readonly timeoutMs?: number
  readonly everyMs?: number
}

/** Asks again and again until the answer is not undefined or false; rejects after `timeoutMs` with what it waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 15_000, everyMs = 25 }: UntilOptions = {}
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
