import type { JsonSchema } from './manifest/JsonSchema.ts'
import type { Manifest, ManifestCommand, ManifestResource, ManifestService } from './manifest/Manifest.ts'

const text = { type: 'string' }

/** An object schema, each field of which is there. */
export function objectOf(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

/** A resource with a field. */
export function resource(path: string, more: Partial<ManifestResource> = {}): ManifestResource {
  const singular = path.replace(/s$/, '')
  const record = objectOf({ id: text, name: text })
  const create = objectOf({ name: text })
  const patch = { ...create, required: [] }
  return {
    path,
    singular,
    plugin: '@acme/harbour',
    description: `All ${path}`,
    defaultSort: {},
    schemas: { record, detail: record, create, update: create, patch },
    methods: [],
    events: [],
    ...more
  }
}

export function service(path: string, more: Partial<ManifestService> = {}): ManifestService {
  return { path, plugin: '@acme/harbour', description: `What ${path} is`, methods: [], events: [], ...more }
}

export function command(name: string, more: Partial<ManifestCommand> = {}): ManifestCommand {
  const room = null
  return {
    name,
    plugin: '@acme/harbour',
    description: `Does ${name}`,
    input: text,
    output: {},
    room,
    ...more
  }
}

export function manifest(more: Partial<Manifest> = {}): Manifest {
  return {
    $type: 'signalbox/manifest@1',
    name: 'Harbour',
    version: '1.0.0',
    plugins: [{ name: '@acme/harbour', version: '2.0.0', short: 'harbour' }],
    resources: [resource('boats')],
    services: [],
    commands: [],
    hash: 'abc123',
    ...more
  }
}
