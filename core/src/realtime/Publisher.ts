import type { Application } from '@feathersjs/feathers'
import type { EmitOptions } from '@signalbox/plugin'
import type { Server } from 'socket.io'
import type { Change } from '../feed/Change.ts'
import type { Model } from '../resources/Model.ts'
import type { Registry } from '../resources/Registry.ts'
import { audienceOf, everybody, namedRoom, owners, readers } from './rooms.ts'

/** Tells the sockets of this node, and the code in this process, what has changed. */
export class Publisher {
  readonly #app: Application
  readonly #io: Server
  readonly #registry: Registry

  constructor(app: Application, io: Server, registry: Registry) {
    this.#app = app
    this.#io = io
    this.#registry = registry
  }

  /** Announces one change: whole to those who may read it, as a bare tick to everybody else signed in. */
  readonly publish = (change: Change): void => {
    const model = this.#registry.find(change.resource)?.model
    if (!model) return
    const event = `${model.kind === 'resource' ? model.resource.singular : model.path}-changed`
    const tick = model.kind === 'resource' ? { id: change.recordId } : { key: change.recordId }
    const { sees, loses } = audienceOf(change)
    const { seq, action, at, record } = change
    this.#io.to(sees).emit(event, { ...tick, action, seq, at, version: record['version'], record })
    if (loses.length)
      this.#io
        .to(loses)
        .except(sees)
        .emit(event, { ...tick, action: 'removed', seq, at })
    if (!isScoped(model))
      this.#io
        .to(everybody)
        .except([...sees, ...loses])
        .emit(event, tick)
    if (model.kind === 'resource') this.#announceRecord(change, sees, loses)
  }

  /** Sends a named event to the readers of its resource, or to a room. */
  emit(model: Model, event: string, payload: unknown, { room, about }: EmitOptions = {}): void {
    const rooms = room === undefined ? this.#readersOf(model, about) : [namedRoom(room)]
    this.#io.to(rooms).emit(event, payload)
    this.#app.service(model.path).emit(event, payload)
  }

  #announceRecord({ resource, action, record }: Change, sees: string[], loses: string[]): void {
    this.#io.to(sees).emit(`${resource} ${action}`, record)
    if (loses.length) this.#io.to(loses).except(sees).emit(`${resource} removed`, { id: record['id'] })
    this.#app.service(resource).emit(action, record)
  }

  #readersOf(model: Model, about: object | undefined): string[] {
    const owner = model.kind === 'resource' ? model.resource.scopes?.own : undefined
    const ownerId = owner && (about as Record<string, unknown> | undefined)?.[owner]
    return typeof ownerId === 'string'
      ? [readers(model.path), owners(model.path, `own/${ownerId}`)]
      : [readers(model.path)]
  }
}

function isScoped(model: Model): boolean {
  return model.kind === 'resource' && Boolean(model.resource.scoped)
}
