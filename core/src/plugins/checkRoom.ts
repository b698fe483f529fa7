import type { Command } from '@signalbox/plugin'
import type { Model } from '../resources/Model.ts'
import { verbs } from '../resources/verbs.ts'
import type { OwnedCommand } from './OwnedCommand.ts'

export interface CheckRoomOptions {
  readonly plugin: string
  /** One with a room. */
  readonly command: Command
  readonly models: readonly Model[]
  readonly commands: readonly OwnedCommand[]
}

/** Throws a sentence where a room names something that is not there, or that is taken. */
export function checkRoom({ plugin, command, models, commands }: CheckRoomOptions): void {
  const { room, name } = command
  if (!room) return
  const { service, method, leave, events, key } = room
  const { type }: { readonly type?: unknown } = command.input
  const fail = (fault: string): never => {
    throw new Error(`${plugin}: the room of ${name} ${fault}.`)
  }
  const model = models.find(({ path }) => path === service.path)
  if (!model) return fail(`belongs to ${service.path}, which no configured plugin owns`)
  if (type !== 'string') fail('is named by an input that is not a string')
  if (!/^[a-z]\w*$/.test(method)) fail(`has the method name ${method}, which is not in camelCase`)
  if (model.methods.has(method) || (model.kind === 'resource' && method in verbs))
    fail(`is opened by ${model.path}.${method}, which is a method already`)
  if (!commands.some((other) => other.plugin === plugin && other.command.name === leave.name))
    fail(`is left by ${leave.name}, which ${plugin} does not declare`)
  if (!events.length) fail('has no events')
  const declared = eventsOf(model)
  for (const event of events) {
    const payload = declared[event]
    if (!payload) fail(`is told ${event}, which is no event of ${model.path}`)
    if (!Object.hasOwn(payload?.properties ?? {}, key))
      fail(`has the key ${key}, which is no field of the event ${event}`)
  }
}

function eventsOf(model: Model): Readonly<Record<string, { readonly properties?: object } | undefined>> {
  const { events } = model.kind === 'resource' ? model.resource : model.service
  return events ?? {}
}
