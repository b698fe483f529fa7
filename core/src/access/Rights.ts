import { createHash } from 'node:crypto'
import { evaluate, holdsAt, reachOf, type Decision, type Grant } from './evaluate.ts'
import { isNowhere } from './Reach.ts'

/** Everything that a caller was granted and denied. Decisions are worked out once, and anew when a grant begins or ends. */
export class Rights {
  readonly grants: readonly Grant[]
  readonly #now: () => number
  readonly #decisions = new Map<string, Decision>()
  readonly #timed: readonly Grant[]
  #epoch: string | undefined
  #current: readonly Grant[] = []
  #until = -Infinity

  constructor(grants: readonly Grant[], { now = Date.now } = {}) {
    this.grants = grants
    this.#now = now
    this.#timed = grants.filter(({ from, until }) => from !== undefined || until !== undefined)
  }

  decide(permission: string): Decision {
    this.#keepUp()
    let decision = this.#decisions.get(permission)
    if (!decision) this.#decisions.set(permission, (decision = evaluate(this.#current, permission)))
    return decision
  }

  /** The grants that hold at this moment. */
  current(): readonly Grant[] {
    this.#keepUp()
    return this.#current
  }

  /** The next moment at which a grant begins or ends; undefined where none does. */
  nextTurn(after = this.#now()): number | undefined {
    const turns = this.#timed.flatMap(({ from, until }) => [from, until])
    return turns
      .filter((turn): turn is number => turn !== undefined && turn > after)
      .reduce<number | undefined>((first, turn) => Math.min(first ?? turn, turn), undefined)
  }

  /**
   * What may be read, as an opaque text: `<resource>~<digest>` for each resource of which anything may. It differs
   * for a resource when its records may have come into reach, or gone out of it, without a change of their own.
   */
  epoch(paths: readonly string[]): string {
    this.#keepUp()
    return (this.#epoch ??= paths
      .map((path) => [path, this.decide(`${path}:read`)] as const)
      .filter(([, decision]) => !isNowhere(reachOf(decision)))
      .map(([path, decision]) => `${path}~${this.#digest(decision)}`)
      .join('.'))
  }

  #keepUp(): void {
    const now = this.#now()
    if (now < this.#until) return
    this.#until = this.nextTurn(now) ?? Infinity
    this.#current = this.grants.filter((grant) => holdsAt(grant, now))
    this.#decisions.clear()
    this.#epoch = undefined
  }

  #digest(decision: Decision): string {
    const { everywhere, own, nodes, denied } = reachOf(decision)
    const extent = (node: string): string =>
      `${node}@${this.#current.find(({ scope }) => scope === node)?.extent ?? 0}`
    const text = JSON.stringify([everywhere, own, nodes.map(extent), denied.map(extent)])
    return createHash('sha256').update(text).digest('base64url').slice(0, 10)
  }
}

/** The resources of which two epochs tell different things; undefined where `told` is not an epoch at all. */
export function epochDifference(told: string, now: string): string[] | undefined {
  const before = parse(told)
  const after = parse(now)
  if (!before || !after) return undefined
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path)
  )
}

function parse(epoch: string): Map<string, string> | undefined {
  const entries = epoch === '' ? [] : epoch.split('.').map((entry) => entry.split('~'))
  return entries.every((entry) => entry.length === 2) ? new Map(entries as [string, string][]) : undefined
}
