import type { Application } from '@feathersjs/feathers'
import { PlatformError, type Caller, type Connection, type Logger, type Origin } from '@signalbox/plugin'
import type { Socket } from 'socket.io'
import { v7 as uuid } from 'uuid'
import type { Answer, DoorParams } from '../resources/CallParams.ts'
import type { Model } from '../resources/Model.ts'
import type { Registry } from '../resources/Registry.ts'
import { encodeError, toPlatformError } from '../errors/encodeError.ts'
import { withRequest } from '../logging/requestContext.ts'
import { commandError } from './commandError.ts'
import type { Commands } from './Commands.ts'
import { namedRoom } from './rooms.ts'

export interface SocketDoorParts {
  readonly app: Application
  readonly registry: Registry
  readonly commands: Commands
  readonly log: Logger
  /** The caller as of now; undefined where the session has ended. */
  readonly refreshed: (caller: Caller) => Promise<Caller | undefined>
}

/** Feathers' clients take two arguments; the third says of a list what REST says in headers: `total`, `next`. */
type Acknowledge = (error: unknown, result?: unknown, beside?: Answer) => void

const crudArguments: ReadonlyMap<string, readonly string[]> = new Map([
  ['find', ['query']],
  ['get', ['id', 'query']],
  ['create', ['data', 'query']],
  ['update', ['id', 'data', 'query']],
  ['patch', ['id', 'data', 'query']],
  ['remove', ['id', 'query']]
])

/**
 * Answers what a socket sends: Feathers calls (`emit(method, path, …args, ack)`) and named commands. Whatever
 * comes, it is answered: what nobody knows gets an error.
 */
export function socketDoor(parts: SocketDoorParts): (socket: Socket) => void {
  return (socket) => {
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1)
      const acknowledge = typeof last === 'function' ? (args.pop() as Acknowledge) : undefined
      const answering = parts.commands.find(event)
        ? answerCommand(parts, socket, { event, input: args[0], acknowledge })
        : answerCall(parts, socket, { method: event, args, acknowledge })
      answering.catch((error: unknown) =>
        parts.log.error({ err: error, event }, 'A socket could not be answered')
      )
    })
  }
}

interface SocketCommand {
  readonly event: string
  readonly input: unknown
  readonly acknowledge: Acknowledge | undefined
}

async function answerCommand(parts: SocketDoorParts, socket: Socket, call: SocketCommand): Promise<void> {
  const { event, input, acknowledge } = call
  const requestId = uuid()
  try {
    const caller = await callerNow(parts, socket)
    const result = await withRequest({ caller, requestId }, () =>
      parts.commands.run(event, input, connectionOf(socket, caller))
    )
    socket.emit(parts.commands.find(event)?.reply ?? event, result)
    acknowledge?.(null, result)
  } catch (error) {
    const failure = commandError(event, report(parts, error, { requestId, event }))
    socket.emit('error', failure)
    acknowledge?.(failure)
  }
}

interface SocketCall {
  readonly method: string
  readonly args: readonly unknown[]
  readonly acknowledge: Acknowledge | undefined
}

async function answerCall(parts: SocketDoorParts, socket: Socket, call: SocketCall): Promise<void> {
  const { method, args, acknowledge } = call
  const requestId = uuid()
  try {
    const [path, ...rest] = args
    const run = findMethod(parts, path, method)
    const caller = await callerNow(parts, socket)
    const params = paramsOf(socket, caller)
    const result = await withRequest({ caller, requestId }, () => run(rest, params))
    acknowledge?.(null, result, params.answer)
  } catch (error) {
    const failure = report(parts, error, { requestId, event: method })
    if (acknowledge) acknowledge(encodeError(failure))
    else socket.emit('error', commandError(method, failure))
  }
}

type Run = (args: readonly unknown[], params: DoorParams) => Promise<unknown>

/** The service method that a Feathers call names, with its arguments told apart. */
function findMethod({ app, registry }: SocketDoorParts, path: unknown, method: string): Run {
  const model = typeof path === 'string' ? registry.find(path.replace(/^\/+|\/+$/g, ''))?.model : undefined
  if (!model) throw new PlatformError('notFound', `Nothing answers ${method} here.`)
  const names = argumentNames(model, method)
  if (!names) throw new PlatformError('methodNotAllowed', `${model.path} has no method ${method}.`)
  const service = app.service(model.path) as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >
  return (args, params) => {
    const place = names.indexOf('query')
    const query = place < args.length ? (args[place] ?? {}) : {}
    if (typeof query !== 'object' || Array.isArray(query))
      throw new PlatformError('invalid', 'The query must be an object.')
    const given = names.slice(0, -1).map((_, n) => args[n])
    const data = names.indexOf('data')
    if (data >= 0 && (typeof given[data] !== 'object' || given[data] === null)) {
      throw new PlatformError('invalid', 'The data must be an object.')
    }
    const call = service[method] as (...args: unknown[]) => Promise<unknown>
    return call.call(service, ...given, { ...params, query: query as Record<string, unknown> })
  }
}

/** Named methods take `(data, query)`, but for the two that bear a standard name. */
function argumentNames(model: Model, method: string): readonly string[] | undefined {
  if (model.methods.has(method))
    return method === 'find' || method === 'patch' ? crudArguments.get(method) : ['data', 'query']
  return model.kind === 'resource' ? crudArguments.get(method) : undefined
}

async function callerNow({ refreshed }: SocketDoorParts, socket: Socket): Promise<Caller> {
  const caller = await refreshed(socket.data.caller as Caller)
  if (caller) return caller
  socket.disconnect(true)
  throw new PlatformError('unauthorized', 'The session has ended.')
}

function connectionOf(socket: Socket, caller: Caller): Connection {
  return {
    id: socket.id,
    caller,
    join: (room) => void socket.join(namedRoom(room)),
    leave: (room) => void socket.leave(namedRoom(room))
  }
}

function paramsOf(socket: Socket, caller: Caller): DoorParams {
  return { provider: 'socketio', query: {}, caller, origin: socket.data.origin as Origin, answer: {} }
}

function report(
  { log }: SocketDoorParts,
  error: unknown,
  details: { requestId: string; event: string }
): PlatformError {
  const failure = toPlatformError(error, details.requestId)
  if (failure.kind === 'internal') log.error({ err: error, ...details }, 'A socket call failed')
  return failure
}
