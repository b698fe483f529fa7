#!/usr/bin/env node
import { run } from '../lib/cli.js'

try {
  await run(['generate', ...process.argv.slice(2)])
} catch (error) {
  process.stderr.write(`signalbox: ${error.message}\n`)
  process.exitCode = 1
}
