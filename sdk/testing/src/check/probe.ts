// Runs in the folder in which a plugin was installed, in plain Node: looks at the plugin from outside, tells its
// parent what it finds, and must come to its end by itself.
import { declarationChecks, liveChecks } from '../conformance/checks.ts'
import { nameOf, openSubject } from '../conformance/openSubject.ts'
import { startsAgain, startsAgainTitle } from '../conformance/startsAgain.ts'
import { findPlugin, importNeeds } from './findPlugin.ts'
import type { Finding } from './Report.ts'

/** What the probe tells its parent. */
export type ProbeMessage =
  | { readonly type: 'finding'; readonly finding: Finding }
  | {
      readonly type: 'done'
      readonly plugin: {
        readonly name: string
        readonly version: string
        readonly requires: readonly string[]
      }
    }
  | { readonly type: 'left'; readonly resources: readonly string[] }

/** Whatever a stopped platform still does in good order is over by then. */
const graceMs = 5000

const [name = ''] = process.argv.slice(2)
const tell = (message: ProbeMessage): void => void process.send?.(message)
const load = async (wanted: string): Promise<Readonly<Record<string, unknown>>> => await import(wanted)

const attempt = async (
  title: string,
  run: () => Promise<readonly string[] | void> | readonly string[] | void
): Promise<boolean> => {
  try {
    const faults = (await run()) ?? []
    tell({ type: 'finding', finding: { title, faults } })
    return faults.length === 0
  } catch (error) {
    tell({ type: 'finding', finding: { title, faults: [(error as Error).message] } })
    return false
  }
}

const factory = findPlugin(await load(name), name)
const needs = await importNeeds(factory(), load)
const candidate = { plugin: factory, needs }
const short = nameOf(candidate)

for (const { title, faults } of declarationChecks) await attempt(title, () => faults(factory(), short))

const subject = await openSubject(candidate)
for (const { title, run } of liveChecks) await attempt(title, () => run(subject))
await subject.platform.stop()
await attempt(startsAgainTitle, () => startsAgain(candidate))

const { version, requires = {} } = factory()
tell({ type: 'done', plugin: { name: factory().name, version, requires: Object.keys(requires) } })

// Nothing but what was left open lets it come to this.
setTimeout(() => {
  // Its own output is a pipe.
  const resources = process.getActiveResourcesInfo().filter((type) => type !== 'PipeWrap')
  tell({ type: 'left', resources })
  process.exit(1)
}, graceMs).unref()
