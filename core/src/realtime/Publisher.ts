import type { Application } from '@feathersjs/feathers'
import type { EmitOptions, Logger } from '@signalbox/plugin'
import type { Server } from 'socket.io'
import type { Change } from '../feed/Change.ts'
import type { Model } from '../resources/Model.ts'
import type { Registry } from '../resources/Registry.ts'
import { isScoped, lossOf, tickOf, wholeOf, type Announcement } from './announcement.ts'
import {
  audienceOf,
  denied,
  everybody,
  held,
  namedRoom,
  owners,
  readers,
  stale,
  type Audience
} from './rooms.ts'

/** Reads where a record stands, as the feed keeps it. */
export type ScopesOf = (path: string, id: string) => Promise<readonly string[]>

export interface PublisherOptions {
  readonly scopesOf: ScopesOf
  readonly log: Logger
}

/** Tells the sockets of this node, and the code in this process, what has changed; and named events to every node. */
export class Publisher {
  readonly #app: Application
  readonly #io: Server
  readonly #registry: Registry
  readonly #scopesOf: ScopesOf
  readonly #log: Logger
  /** Events about records that stand in the tree wait for where they stand, and keep their order. */
  #placing: Promise<void> = Promise.resolve()

  constructor(app: Application, io: Server, registry: Registry, { scopesOf, log }: PublisherOptions) {
    this.#app = app
    this.#io = io
    this.#registry = registry
    this.#scopesOf = scopesOf
    this.#log = log
  }

  /** Announces one change: whole to those who may read it, as a bare tick to everybody else signed in. */
  readonly publish = (change: Change): void => {
    const model = this.#registry.find(change.resource)?.model
    if (!model) return
    const audience = audienceOf(change)
    const { sees, shut, saw, wasShut } = audience
    const lost = this.#lostToDeny(audience)
    const leaving = saw.filter((room) => !sees.includes(room))
    this.#tell(wholeOf(model, change), { to: sees, except: shut })
    this.#tell(lossOf(model, change), { to: leaving, except: [...sees, ...shut, ...wasShut] })
    this.#tell(lossOf(model, change), { to: lost })
    if (!isScoped(model)) {
      const tick = [tickOf(model, change)]
      this.#tell(tick, { to: [everybody], except: [...sees, ...leaving, ...shut] })
      this.#tell(tick, { to: shut, except: lost })
      this.#tell(tick, { to: wasShut, except: [...sees, ...shut] })
    }
    if (model.kind === 'resource') this.#app.service(model.path).emit(change.action, change.record)
  }

  /** Sends a named event to the readers of its resource, or to a room, on this node and, through Redis, on the others. */
  emit(model: Model, event: string, payload: unknown, { room, about }: EmitOptions = {}): void {
    const id = (about as { readonly id?: unknown } | undefined)?.id
    if (room !== undefined) this.#emitTo([namedRoom(room)], [], event, payload)
    else if (typeof id === 'string' && standsInTree(model)) this.#emitAbout(model, id, event, payload)
    else this.#emitTo([readers(model.path), ...ownerRooms(model, about)], [], event, payload)
    this.#app.service(model.path).emit(event, payload)
  }

  #tell(
    announcements: readonly Announcement[],
    { to, except = [] }: { readonly to: readonly string[]; readonly except?: readonly string[] }
  ): void {
    if (!to.length) return
    for (const { event, payload } of announcements)
      this.#io.local
        .to([...to])
        .except([held, ...except])
        .emit(event, payload)
  }

  /** The sockets that saw the record until it came to where they are denied it. */
  #lostToDeny({ shut, saw, wasShut }: Audience): string[] {
    const { rooms } = this.#io.of('/').adapter
    const stands = (id: string, names: readonly string[]): boolean =>
      names.some((name) => rooms.get(name)?.has(id))
    const candidates = new Set(shut.flatMap((name) => [...(rooms.get(name) ?? [])]))
    return [...candidates].filter((id) => stands(id, saw) && !stands(id, wasShut))
  }

  #emitAbout(model: Model, id: string, event: string, payload: unknown): void {
    const place = async (): Promise<void> => {
      const scopes = await this.#scopesOf(model.path, id).catch(() => [])
      const seen = scopes.map((scope) => owners(model.path, scope))
      const shut = scopes.map((scope) => denied(model.path, scope))
      this.#emitTo([readers(model.path), ...seen], shut, event, payload)
    }
    const told = this.#placing.then(place)
    this.#placing = told.catch((error: unknown) =>
      this.#log.error({ err: error, event }, 'An event could not be told')
    )
  }

  #emitTo(to: string[], except: readonly string[], event: string, payload: unknown): void {
    this.#io
      .to(to)
      .except([stale, ...except])
      .emit(event, payload)
  }
}

/** Whether it takes a look at the scope tree to say who may read a record. */
function standsInTree(model: Model): boolean {
  const scopes = model.kind === 'resource' ? model.resource.scopes : undefined
  return scopes !== undefined && ('via' in scopes || scopes.node !== undefined)
}

function ownerRooms(model: Model, about: object | undefined): string[] {
  const scopes = model.kind === 'resource' ? model.resource.scopes : undefined
  const owner = scopes && 'own' in scopes ? scopes.own : undefined
  const ownerId = owner === undefined ? undefined : (about as Record<string, unknown> | undefined)?.[owner]
  return typeof ownerId === 'string' ? [owners(model.path, `own/${ownerId}`)] : []
}
