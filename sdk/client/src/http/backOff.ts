const first = 500
const longest = 5000

/**
 * The pause before another try, in milliseconds: about twice as long each time, and never the same for two clients,
 * so that those whom one outage sent away do not come back at one instant.
 */
export function backOff(tries: number): number {
  return Math.min(longest, first * 2 ** tries) * (0.5 + Math.random() / 2)
}
