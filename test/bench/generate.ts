import assert from 'node:assert/strict'
import { generate as generateClient } from '@signalbox/codegen'
import { syntheticManifest } from '../support/syntheticManifest.ts'
import { measure, rounds } from './measure.ts'
import type { Benchmark } from './Row.ts'

const resources = 100

export const generate: Benchmark = {
  name: 'generate',
  about: `The files of a client from a manifest with ${resources} resources of 13 fields, 200 methods and 100 events, without
reading the one and writing the other. Counted: each resource has its interface.`,
  run: async () => {
    const manifest = syntheticManifest(resources)
    const results = await rounds(async () => {
      const { value, seconds, cpuSeconds } = await measure(async () => generateClient(manifest))
      const clients = value.flatMap(({ text }) => text.match(/ extends ResourceClient</g) ?? [])
      assert.equal(clients.length, resources)
      return { time: seconds * 1000, cpu: cpuSeconds * 1000 }
    }, 20)
    return [
      {
        what: 'client of 100 resources, CPU',
        values: results.map(({ cpu }) => cpu),
        unit: 'ms',
        allowed: { atMost: 50 }
      },
      { what: 'client of 100 resources', values: results.map(({ time }) => time), unit: 'ms' }
    ]
  }
}
