type Stop = () => Promise<void>

interface Open {
  readonly stop: Stop
  /** Whether it was started by a test itself, or by what runs before each test. */
  readonly isOfTest: boolean
}

/** The hooks of a test runner, by the names that mocha, vitest and jest give them. */
interface Runner {
  readonly beforeEach?: (run: () => void) => void
  readonly afterEach?: (run: Stop) => void
  readonly after?: (run: Stop) => void
  readonly afterAll?: (run: Stop) => void
}

const open = new Set<Open>()
let isInTest = false

/** Remembers what is to be stopped; returns the way to forget it. */
export function track(stop: Stop): () => void {
  const entry = { stop, isOfTest: isInTest }
  open.add(entry)
  return () => void open.delete(entry)
}

/**
 * Stops every test platform of this process that still runs. It is called by itself where the test runner has global
 * hooks, and under `node --test`; where it has none, give it to the runner.
 *
 * @example
 * import { afterAll } from 'vitest'
 * afterAll(stopPlatforms)
 */
export function stopPlatforms(): Promise<void> {
  return stopAll([...open])
}

async function stopAll(entries: readonly Open[]): Promise<void> {
  await Promise.all(entries.map(({ stop }) => stop()))
}

/** Called when the kit is imported, which is when a test file declares its own hooks. */
export function hookIntoRunner(): void {
  const { beforeEach, afterEach, after, afterAll } = globalThis as Runner
  beforeEach?.(() => {
    isInTest = true
  })
  afterEach?.(async () => {
    isInTest = false
    await stopAll([...open].filter(({ isOfTest }) => isOfTest))
  })
  const atEnd = after ?? afterAll ?? hookOfNode()
  atEnd?.(stopPlatforms)
}

/** Node’s own runner has no globals. Outside of it, asking for its hooks would start it. */
function hookOfNode(): Runner['after'] {
  if (process.env['NODE_TEST_CONTEXT'] === undefined) return undefined
  return process.getBuiltinModule('node:test').after
}
