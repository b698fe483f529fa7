import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { runCommand, runToEnd } from '../e2e/runCommand.ts'
import { temporaryDirectory } from '../support/temporaryDirectory.ts'
import { rounds } from './measure.ts'
import type { Benchmark } from './Row.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const command = ['core/bin/signalbox.js', 'start', '--config', 'examples/all-in-one/signalbox.config.ts']

export const start: Benchmark = {
  name: 'start',
  about: `From the start of the process to its line \`ready\`: the compiled platform with all plugins on its embedded
database. Cold is the first start in an empty data directory, warm is the next one in the same.`,
  run: async () => {
    const { code, output } = await runToEnd('npm', ['run', '--silent', 'build'], { cwd: root })
    assert.equal(code, 0, output)
    const results = await rounds(async () => {
      const directory = await temporaryDirectory()
      try {
        const cold = await secondsToReady(directory.path)
        return { cold, warm: await secondsToReady(directory.path) }
      } finally {
        await directory.remove()
      }
    })
    return [
      {
        what: 'start to ready, warm',
        values: results.map(({ warm }) => warm),
        unit: 's',
        allowed: { atMost: 3 }
      },
      { what: 'start to ready, cold', values: results.map(({ cold }) => cold), unit: 's' }
    ]
  }
}

async function secondsToReady(dataDirectory: string): Promise<number> {
  const begun = performance.now()
  const env = { PORT: '0', SIGNALBOX_DATA: dataDirectory }
  const platform = runCommand(process.execPath, command, { cwd: root, env })
  try {
    await platform.line(/^ready /)
    const seconds = (performance.now() - begun) / 1000
    platform.signal('SIGTERM')
    await platform.silent
    return seconds
  } finally {
    platform.kill()
  }
}
