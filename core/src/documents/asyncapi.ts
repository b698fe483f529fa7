import { changeEvents } from '../resources/changeEvents.ts'
import { namedCalls, standardCalls } from './callExchanges.ts'
import { writeChannels, type Channels } from './channels.ts'
import { commandErrorSchema, commandExchange, commandFailure } from './commandExchanges.ts'
import { componentSchemas, referToRecords } from './componentSchemas.ts'
import type { DocumentsInput } from './DocumentsInput.ts'
import { draft7 } from './draft7.ts'
import { namedEvents, resourceEvents } from './eventExchanges.ts'
import type { Exchange } from './Exchange.ts'
import type { JsonSchema } from './JsonSchema.ts'
import { createManifest } from './manifest.ts'
import type { Manifest } from './manifestShape.ts'

const description = `Socket.IO 4. A payload that is an array with places of its own is the list of the event's
arguments; any other payload is its one argument. A call is answered by its acknowledgement, \`(error)\` or
\`(null, result)\`; a named command by its reply event or the event \`error\`, and by the acknowledgement where
there is one.`

/** What may be received about a change. Whoever may not read the record gets its id and nothing else. */
const changedSchema: JsonSchema = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string' },
    action: { enum: changeEvents },
    seq: { type: 'integer', description: 'The place in the feed of changes: gap-free, in order' },
    at: { type: 'string', format: 'date-time' },
    version: { type: 'integer' },
    record: { type: 'object', description: 'The record after the change; before it, for `removed`' }
  }
}

/** An AsyncAPI document. */
export type AsyncApi = Readonly<Record<string, unknown>> & Channels

/** The socket door as an AsyncAPI 3.0 document: what the host sends, and the calls and commands it answers. */
export function createAsyncApi(input: DocumentsInput): AsyncApi {
  const manifest = createManifest(input)
  const schemas = { ...componentSchemas(manifest), Changed: changedSchema, CommandError: commandErrorSchema }
  return {
    asyncapi: '3.0.0',
    info: { title: input.name, version: input.version, description },
    defaultContentType: 'application/json',
    servers: { socketio: serverOf(input.basePath) },
    ...writeChannels(exchangesOf(manifest)),
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, draft7(schema)])),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token, as `auth: { token }` of the handshake or its `Authorization` header'
        }
      }
    }
  }
}

function serverOf(basePath: string): object {
  return {
    host: '{host}',
    pathname: `${basePath}/socket.io`,
    protocol: 'ws',
    description: 'Socket.IO 4 over WebSocket or HTTP long polling',
    variables: { host: { default: 'localhost:3030', description: 'Where the platform answers' } },
    security: [{ $ref: '#/components/securitySchemes/token' }],
    'x-socketio': { version: '4', namespace: '/' }
  }
}

function exchangesOf({ resources, services, commands }: Manifest): Exchange[] {
  const refer = referToRecords(resources)
  const exchanges = [
    ...resources.flatMap((resource) => [
      ...resourceEvents(resource, commands),
      ...standardCalls(resource),
      ...namedCalls(resource)
    ]),
    ...services.flatMap((service) => [...namedEvents(service, commands), ...namedCalls(service)]),
    ...commands.map(commandExchange),
    commandFailure
  ]
  return exchanges.map(({ reply, ...exchange }) => ({
    ...exchange,
    payload: refer(exchange.payload),
    ...(reply && { reply: { ...reply, payload: refer(reply.payload) } })
  }))
}
