import type { Application } from '@feathersjs/feathers'
import { PlatformError, type Caller, type Connection, type Logger, type Origin } from '@signalbox/plugin'
import type { Socket } from 'socket.io'
import { v7 as uuid } from 'uuid'
import type { Answer, DoorParams } from '../resources/CallParams.ts'
import type { Model } from '../resources/Model.ts'
import type { Registry } from '../resources/Registry.ts'
import { encodeError, toPlatformError } from '../errors/encodeError.ts'
import { withRequest } from '../logging/requestContext.ts'
import type { AnsweredCall } from '../metrics/Traffic.ts'
import type { RequestLimiter } from '../limits/RequestLimiter.ts'
import { CallQueue, type Reading } from './CallQueue.ts'
import { callsOf, cutSocket } from './cutSocket.ts'
import { commandError } from './commandError.ts'
import type { Commands } from './Commands.ts'
import { namedRoom } from './rooms.ts'

export interface SocketDoorParts {
  readonly app: Application
  readonly registry: Registry
  readonly commands: Commands
  readonly log: Logger
  /** Hears of each call that was answered. */
  readonly observe: (call: AnsweredCall) => void
  /** The caller as of now; undefined where the session has ended. */
  readonly refreshed: (caller: Caller) => Promise<Caller | undefined>
  readonly limiter: RequestLimiter
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

/** What one socket may ask for at once; more than the database does at once would only wait there, before others. */
const callLimits = { inFlight: 16, pauseAt: 256, waiting: 2000 }

/**
 * Answers what a socket sends: Feathers calls (`emit(method, path, …args, ack)`) and named commands. Whatever
 * comes, it is answered: what nobody knows gets an error.
 */
export function socketDoor(parts: SocketDoorParts): (socket: Socket) => void {
  return (socket) => {
    const calls = new CallQueue(callLimits, readingOf(socket))
    callsOf.set(socket, calls)
    socket.once('disconnect', () => calls.clear())
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1)
      const acknowledge = typeof last === 'function' ? (args.pop() as Acknowledge) : undefined
      const answering = parts.commands.find(event)
        ? answerCommand(parts, socket, { event, input: args[0], acknowledge, calls })
        : answerCall(parts, socket, { method: event, args, acknowledge, calls })
      answering.catch((error: unknown) =>
        parts.log.error({ err: error, event }, 'A socket could not be answered')
      )
    })
  }
}

/** Engine.IO's types leave the WebSocket out; a client that polls has none, and waits for its answers anyway. */
function readingOf({ conn }: Socket): Reading {
  const peer = (): Partial<Reading> | undefined =>
    (conn.transport as unknown as { readonly socket?: Partial<Reading> }).socket
  return { pause: () => peer()?.pause?.(), resume: () => peer()?.resume?.() }
}

interface SocketCommand {
  readonly event: string
  readonly input: unknown
  readonly acknowledge: Acknowledge | undefined
  readonly calls: CallQueue
}

async function answerCommand(parts: SocketDoorParts, socket: Socket, call: SocketCommand): Promise<void> {
  const { event, input, acknowledge, calls } = call
  const requestId = uuid()
  const answered = stopwatch(parts, event)
  try {
    const result = await calls.run(async () => {
      const caller = await callerNow(parts, socket)
      return withRequest({ caller, requestId }, () =>
        parts.commands.run(event, input, connectionOf(socket, caller))
      )
    })
    answered(200)
    socket.emit(parts.commands.find(event)?.reply ?? event, result)
    acknowledge?.(null, result)
  } catch (error) {
    const failure = commandError(event, report(parts, error, { requestId, event }))
    answered(failure.code)
    socket.emit('error', failure)
    acknowledge?.(failure)
  }
}

interface SocketCall {
  readonly method: string
  readonly args: readonly unknown[]
  readonly acknowledge: Acknowledge | undefined
  readonly calls: CallQueue
}

async function answerCall(parts: SocketDoorParts, socket: Socket, call: SocketCall): Promise<void> {
  const { method, args, acknowledge, calls } = call
  const requestId = uuid()
  let answered = stopwatch(parts, 'none')
  try {
    const [path, ...rest] = args
    const { name, run } = findMethod(parts, path, method)
    answered = stopwatch(parts, name)
    const { result, params } = await calls.run(async () => {
      const caller = await callerNow(parts, socket)
      const params = paramsOf(socket, caller)
      return { params, result: await withRequest({ caller, requestId }, () => run(rest, params)) }
    })
    answered(200)
    acknowledge?.(null, result, params.answer)
  } catch (error) {
    const failure = report(parts, error, { requestId, event: method })
    answered(failure.code)
    if (acknowledge) acknowledge(encodeError(failure))
    else socket.emit('error', commandError(method, failure))
  }
}

interface Found {
  /** By which it is counted. */
  readonly name: string
  readonly run: (args: readonly unknown[], params: DoorParams) => Promise<unknown>
}

/** The service method that a Feathers call names, with its arguments told apart. */
function findMethod({ app, registry }: SocketDoorParts, path: unknown, method: string): Found {
  const model = typeof path === 'string' ? registry.find(path.replace(/^\/+|\/+$/g, ''))?.model : undefined
  if (!model) throw new PlatformError('notFound', `Nothing answers ${method} here.`)
  const names = argumentNames(model, method)
  if (!names) throw new PlatformError('methodNotAllowed', `${model.path} has no method ${method}.`)
  const service = app.service(model.path) as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >
  const run: Found['run'] = (args, params) => {
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
  return { name: `${model.path}.${method}`, run }
}

/** Takes the time until a call is answered with a status. */
function stopwatch({ observe }: SocketDoorParts, call: string): (status: number) => void {
  const started = performance.now()
  return (status) => observe({ call, status, seconds: (performance.now() - started) / 1000 })
}

/** Named methods take `(data, query)`, but for the two that bear a standard name. */
function argumentNames(model: Model, method: string): readonly string[] | undefined {
  if (model.methods.has(method))
    return method === 'find' || method === 'patch' ? crudArguments.get(method) : ['data', 'query']
  return model.kind === 'resource' ? crudArguments.get(method) : undefined
}

async function callerNow({ refreshed, limiter }: SocketDoorParts, socket: Socket): Promise<Caller> {
  limiter.count(socket.data.caller as Caller, socket.data.origin as Origin)
  const caller = await refreshed(socket.data.caller as Caller)
  if (caller) return caller
  cutSocket(socket)
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
