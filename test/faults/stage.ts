import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { definePlugin } from '@signalbox/plugin'

/** Stands in the environment of a process on the stage, before the name of its node. */
export const stageMark = 'SIGNALBOX_TEST_STAGE'

/** A plugin that has a process for as long as its node holds a lease, and writes into `times` when it came and went. */
export default definePlugin({
  name: '@signalbox/stage',
  version: '1.0.0',
  platform: '^1.0.0',
  async start(ctx) {
    const note = (what: string): void =>
      appendFileSync(join(ctx.directory, 'times'), `${what} ${Date.now()}\n`)
    await ctx.lease('stage', async ({ signal }) => {
      const env = { ...process.env, [stageMark]: ctx.instance }
      note('came')
      // It ends with its standard input, even where the platform is killed.
      const actor = spawn('cat', { env, stdio: ['pipe', 'ignore', 'inherit'] })
      const gone = once(actor, 'exit')
      if (!signal.aborted) await once(signal, 'abort')
      actor.stdin.end()
      await gone
      note('went')
    })
  }
})
