import { assertNoFaults } from './assertNoFaults.ts'
import type { Candidate, Subject } from './Check.ts'
import { declarationChecks, liveChecks } from './checks.ts'
import { assertNothingLeft, openResources, type Resources } from './leftOpen.ts'
import { nameOf, openSubject } from './openSubject.ts'
import { startsAgain, startsAgainTitle } from './startsAgain.ts'

/** The functions of a test runner; those of mocha, vitest, jest and Node will do. */
export interface TestRunner {
  describe(title: string, declare: (this: any) => void): unknown
  it(title: string, run: () => Promise<void>, timeoutMs?: number): unknown
  before(run: () => Promise<void>, timeoutMs?: number): unknown
  after(run: () => Promise<void>, timeoutMs?: number): unknown
}

const timeoutMs = 120_000

/**
 * Declares a suite of what every plugin must be, whoever wrote it. Without `runner` it uses the global functions of
 * mocha, vitest or jest.
 *
 * @example
 * conformance({ plugin: weather, needs: [recorder] })
 */
export function conformance(candidate: Candidate, runner: TestRunner = globalRunner()): void {
  const { describe, it, before, after } = runner
  const name = nameOf(candidate)

  describe(`${name} as a plugin`, function () {
    // Mocha has it, others take it as an argument.
    this?.timeout?.(timeoutMs)
    let resources: Resources
    let subject: Subject

    before(async () => {
      // The runner’s own timer is there after a turn.
      await new Promise(setImmediate)
      resources = openResources()
      subject = await openSubject(candidate)
    }, timeoutMs)
    after(async () => {
      await subject?.platform.stop()
    }, timeoutMs)

    for (const { title, faults } of declarationChecks)
      it(title, async () => assertNoFaults(faults(candidate.plugin(), name)), timeoutMs)
    for (const { title, run } of liveChecks) it(title, async () => run(subject), timeoutMs)

    it(
      'stops and leaves nothing open',
      async () => {
        await subject.platform.stop()
        await assertNothingLeft(resources)
      },
      timeoutMs
    )
    it(startsAgainTitle, () => startsAgain(candidate), timeoutMs)
  })
}

function globalRunner(): TestRunner {
  const { describe, it, before, beforeAll, after, afterAll } = globalThis as any
  const runner = { describe, it, before: before ?? beforeAll, after: after ?? afterAll }
  if (Object.values(runner).every((one) => typeof one === 'function')) return runner
  throw new Error(
    'conformance() finds no global describe, it, before and after: pass them as { describe, it, … }.'
  )
}
