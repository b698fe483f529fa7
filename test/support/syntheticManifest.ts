import { parseManifest, type Manifest } from '@signalbox/codegen'
import { defineCommand, defineResource, type Command, type Resource } from '@signalbox/plugin'
import { Type } from 'typebox'
import { createManifest } from '../../core/src/documents/manifest.ts'
import { resourceModel } from '../../core/src/resources/Model.ts'

const plugins = 4

/**
 * The manifest of a large deployment, written as the host writes every one: so many resources of 13 fields each, all
 * with methods and events, each tenth with a room, in four plugins.
 */
export function syntheticManifest(resources: number): Manifest {
  const made = Array.from({ length: resources }, (_, index) => synthetic(index))
  const manifest = createManifest({
    name: 'Synthetic',
    version: '1.0.0',
    basePath: '',
    plugins: Array.from({ length: plugins }, (_, index) => ({ name: pluginOf(index), version: '1.0.0' })),
    models: made.map((resource, index) => resourceModel(resource, pluginOf(index))),
    commands: made.flatMap((resource, index) =>
      index % 10 ? [] : commandsOf(resource).map((command) => ({ plugin: pluginOf(index), command }))
    )
  })
  return parseManifest(JSON.stringify(manifest), 'The manifest')
}

function pluginOf(index: number): string {
  return `@synthetic/part-${index % plugins}`
}

function synthetic(index: number) {
  const singular = `item${index}`
  return defineResource({
    path: `${singular}s`,
    singular,
    description: `The items number ${index}`,
    table: `synthetic_${singular}`,
    schema: Type.Object({
      name: Type.String({ minLength: 1, maxLength: 200, description: 'As it is called on the site' }),
      state: Type.Enum(['idle', 'busy', 'broken', 'retired']),
      [`only${index}`]: Type.Optional(Type.String()),
      note: Type.Optional(Type.String()),
      rank: Type.Integer({ default: 0 }),
      weight: Type.Optional(Type.Number({ description: 'kg' })),
      enabled: Type.Boolean({ default: true }),
      tags: Type.Array(Type.String(), { default: [] }),
      place: Type.Optional(
        Type.Object({ x: Type.Number(), y: Type.Number(), label: Type.Optional(Type.String()) })
      ),
      labels: Type.Optional(Type.Record(Type.String(), Type.String())),
      range: Type.Optional(Type.Tuple([Type.Number(), Type.Number()])),
      secret: Type.Optional(Type.String()),
      seenAt: Type.Optional(Type.String({ format: 'date-time' }))
    }),
    secrets: ['secret'],
    readOnly: ['seenAt'],
    detail: { load: Type.Optional(Type.Object({ now: Type.Number(), peak: Type.Number() })) },
    methods: {
      reset: { description: 'Puts it back', on: 'record', output: 'record' },
      scan: {
        description: 'Looks for more',
        on: 'collection',
        input: Type.Object({ depth: Type.Integer({ default: 1 }), within: Type.String() }),
        output: Type.Array(Type.Object({ address: Type.String(), known: Type.Boolean() }))
      }
    },
    events: { [`${singular}:tick`]: Type.Object({ itemId: Type.String(), load: Type.Number() }) }
  })
}

function commandsOf(resource: Resource) {
  const { singular } = resource
  const common = { reply: 'done', input: Type.String(), output: Type.Object({ room: Type.String() }) }
  const leave = defineCommand({ ...common, name: `leave:${singular}`, description: 'Leaves' })
  const events = [`${singular}:tick`]
  const room = { service: resource, method: 'follow', leave, events, key: 'itemId' }
  const join: Command = {
    ...defineCommand({ ...common, name: `join:${singular}`, description: 'Joins' }),
    room
  }
  return [join, leave]
}
