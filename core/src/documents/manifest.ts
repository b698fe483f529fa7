import { createHash } from 'node:crypto'
import { baseFields, contractVersion, errorKinds, type CommandRoom } from '@signalbox/plugin'
import type { TObject, TSchema } from 'typebox'
import { permissionsOf } from '../access/permissions.ts'
import { shortName } from '../config/shortName.ts'
import type { OwnedCommand } from '../plugins/OwnedCommand.ts'
import { routesOf, type Route } from '../rest/routes.ts'
import type { Method, Model, ResourceModel, ServiceModel } from '../resources/Model.ts'
import { byText } from './byText.ts'
import { canonicalJson } from './canonicalJson.ts'
import { completeRecords, recordKeyword } from './completeRecords.ts'
import type { DocumentsInput } from './DocumentsInput.ts'
import { inputSchema } from './inputSchema.ts'
import type { JsonSchema } from './JsonSchema.ts'
import type {
  Manifest,
  ManifestCommand,
  ManifestEvent,
  ManifestMethod,
  ManifestPlugin,
  ManifestResource,
  ManifestRoom,
  ManifestSchemas,
  ManifestService
} from './manifestShape.ts'
import { normaliseSchema } from './normaliseSchema.ts'

/** Writes the manifest: the same declarations give the same document, in whatever order they come. */
export function createManifest({ name, version, plugins, models, commands }: DocumentsInput): Manifest {
  const ordered = models.toSorted(byText(({ path }) => path))
  const resources = ordered.filter((model) => model.kind === 'resource')
  const told = answerSchemas(resources)
  const manifest: Omit<Manifest, 'hash'> = {
    $type: 'signalbox/manifest@1',
    name,
    version,
    contract: contractVersion,
    plugins: plugins.map(describePlugin).sort(byName),
    resources: resources.map((model) => describeResource(model, told)),
    services: ordered
      .filter((model) => model.kind === 'service')
      .map((model) => describeService(model, told)),
    commands: commands.map((command) => describeCommand(command, told)).sort(byName),
    errors: errorKinds
  }
  return { ...manifest, hash: hashOf(manifest) }
}

const byName = byText(({ name }: { readonly name: string }) => name)

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32)
}

/** A schema of what is answered or told, normalised; a record of a resource in it is written out. */
type Told = (schema: TSchema) => JsonSchema

function answerSchemas(resources: readonly ResourceModel[]): Told {
  const records = new Map(
    resources.map(({ path, schemas }) => [
      path,
      { ...normaliseSchema(schemas.record), [recordKeyword]: path }
    ])
  )
  return (schema) => completeRecords(normaliseSchema(schema), (path) => records.get(path))
}

function describePlugin({ name, version }: DocumentsInput['plugins'][number]): ManifestPlugin {
  return { name, version, short: shortName(name) }
}

function describeResource(model: ResourceModel, told: Told): ManifestResource {
  const { resource } = model
  const secrets: readonly string[] = resource.secrets ?? []
  return {
    path: model.path,
    singular: resource.singular,
    plugin: model.plugin,
    description: resource.description,
    schemas: describeSchemas(model, told),
    methods: describeMethods(model, told),
    events: describeEvents(resource.events, told),
    permissions: permissionKeys(model),
    secrets: secrets.toSorted(byText((name) => name)),
    scoped: resource.scoped ?? false,
    searchable: Boolean(resource.search?.length),
    defaultSort: resource.defaultSort ?? {}
  }
}

function describeService(model: ServiceModel, told: Told): ManifestService {
  const { service } = model
  return {
    path: model.path,
    plugin: model.plugin,
    description: service.description,
    methods: describeMethods(model, told),
    events: describeEvents(service.events, told),
    permissions: permissionKeys(model)
  }
}

function describeSchemas({ schemas }: ResourceModel, told: Told): ManifestSchemas {
  return {
    record: normaliseSchema(schemas.record),
    detail: told(schemas.detail),
    create: inputSchema(schemas.create),
    update: withVersion(schemas.update),
    patch: withVersion(schemas.patch)
  }
}

/** A body that changes a record may carry the version that it is meant for. */
function withVersion(schema: TObject): JsonSchema {
  const body = inputSchema(schema)
  return { ...body, properties: { ...body.properties, version: normaliseSchema(baseFields.version) } }
}

function describeMethods(model: Model, told: Told): ManifestMethod[] {
  return routesOf([model])
    .filter((route): route is Route & { readonly named: Method } => route.named !== undefined)
    .map(({ path, named: { name, description, on, http, permission, input, output } }) => ({
      name,
      description,
      on,
      http,
      path,
      permission,
      input: input ? inputSchema(input) : null,
      output: output ? told(output) : null
    }))
    .sort(byName)
}

function describeEvents(events: Readonly<Record<string, TSchema>> = {}, told: Told): ManifestEvent[] {
  return Object.entries(events)
    .map(([name, payload]) => ({ name, payload: told(payload) }))
    .sort(byName)
}

function describeCommand({ plugin, command }: OwnedCommand, told: Told): ManifestCommand {
  const { name, description, reply, input, output, room } = command
  return {
    name,
    plugin,
    description,
    reply,
    input: normaliseSchema(input),
    output: told(output),
    room: room ? describeRoom(room) : null
  }
}

function describeRoom({ service, method, leave, events, key }: CommandRoom): ManifestRoom {
  return {
    service: service.path,
    method,
    leave: leave.name,
    events: events.toSorted(byText((name) => name)),
    key
  }
}

function permissionKeys(model: Model): string[] {
  return permissionsOf(model)
    .map(({ key }) => key)
    .sort(byText((key) => key))
}
