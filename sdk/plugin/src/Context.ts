import type { Knex } from 'knex'
import type { Caller } from './Caller.ts'
import type { Clock } from './Clock.ts'
import type { Command, CommandHandler } from './defineCommand.ts'
import type { Resource } from './defineResource.ts'
import type { Service } from './defineService.ts'
import type { Augmentation } from './augmentResource.ts'
import type { Door } from './Door.ts'
import type { ExtensionPoint } from './extensionPoint.ts'
import type { FeedChange } from './FeedChange.ts'
import type { Handlers } from './Handlers.ts'
import type { Hooks, Preparations } from './HookContext.ts'
import type { HeldLease, Lease, LeaseOptions } from './Lease.ts'
import type { Logger } from './Logger.ts'
import type { Scopes } from './Scopes.ts'
import type { EventsOf, ServiceOf } from './ServiceOf.ts'
import type { Task } from './Task.ts'

/** What a plugin may do while it registers: synchronous, no I/O, nothing of another plugin is there yet. */
export interface RegisterContext<Config = unknown, Started = unknown> {
  readonly config: Config
  readonly log: Logger
  /** Fills an extension point. */
  extend<X>(point: ExtensionPoint<X>, value: X): void
  /** Gives a resource or service its methods. Each declared method needs its handler before `start`. */
  handle<R extends Resource | Service>(resource: R, handlers: Handlers<R>): void
  /** Gives an augmentation its methods. */
  augment<A extends Augmentation>(augmentation: A, handlers: Handlers<A>): void
  /** Puts hooks around a resource's methods, this plugin's or another's; a mutation's run in its unit of work. */
  hook(resource: Resource, hooks: Hooks): void
  /** Slow checks and calls to peers, after decoding and before the unit of work: no transaction waits for them. */
  prepare(resource: Resource, preparations: Preparations): void
  /** Gives a socket command its handler. */
  command<C extends Command>(command: C, handler: CommandHandler<C>): void
  /** The running context, for handlers and hooks: a 503 while the plugin does not run. */
  readonly running: Context<Config>
  /** What `start` resolved to, for handlers and hooks: a 503 while the plugin does not run. */
  readonly started: Started
}

/** Who hears an event: the readers of its resource unless a room is named. */
export interface EmitOptions {
  readonly room?: string
  /** The record the event is about; where the resource has scopes, only those who may read it hear. */
  readonly about?: object
}

/** What a plugin holds while it runs. */
export interface Context<Config = unknown> {
  readonly config: Config
  readonly log: Logger
  /** Aborted when the plugin stops. */
  readonly signal: AbortSignal
  /** A folder of the plugin's own in the data directory; it exists. */
  readonly directory: string
  /** The whole platform's data directory. */
  readonly dataDirectory: string
  /** Identifies this node, through all its lives, among all that share its machine or its database. */
  readonly instance: string
  /** IANA name of the site's time zone. */
  readonly timeZone: string
  /** The time that tasks run by: a plugin that asks it can be tested without waiting. */
  readonly clock: Clock
  /** The database: inside a unit of work its transaction, else the pool. */
  db(): Knex
  /** Runs `work` in one transaction with all its changes; joins the current one. No peer or process inside. */
  unitOfWork<T>(work: () => Promise<T>): Promise<T>
  /** Runs after the current unit of work commits; at once when there is none. */
  afterCommit(run: () => void): void
  /** A resource or service, typed by its value. Calls are the platform's own unless `as` names a caller. */
  service<R extends Resource | Service>(resource: R, options?: { readonly as?: Caller }): ServiceOf<R>
  /** The secrets of a record, decrypted. Absent ones are left out. */
  reveal(resource: Resource, id: string): Promise<Readonly<Record<string, string>>>
  emit<R extends Resource | Service, K extends keyof EventsOf<R> & string>(
    resource: R,
    event: K,
    payload: EventsOf<R>[K],
    options?: EmitOptions
  ): void
  collect<X>(point: ExtensionPoint<X>): readonly X[]
  /** The current value of one of the plugin's settings. */
  setting<T = unknown>(name: string): T
  /** The tree of scopes, for the plugins that keep places or departments. */
  readonly scopes: Scopes
  /** Adds recurring work, run by one node at a time. */
  task(task: Task): Promise<void>
  /**
   * Has `run` run on exactly one node: whichever holds the lease `key` of this plugin. `run` lasts until its signal is
   * aborted; where it ends before, any node may begin a second later. Resolves when the lease was first asked for; it
   * is given up at the plugin's stop.
   */
  lease(key: string, run: (held: HeldLease) => Promise<void>, options?: LeaseOptions): Promise<Lease>
  /**
   * Hands every change from now on to `handler`, in order, at least once, through restarts, on one node at a time. One
   * that fails is handed over again, after a growing pause, before any later one. `name` keeps the place in the feed.
   */
  consume(name: string, handler: (change: FeedChange, signal: AbortSignal) => Promise<void>): Promise<void>
  /** Opens a native WebSocket door; it is closed at the plugin's stop. Throws where the path is taken. */
  door(door: Door): void
  /** Runs at the plugin's stop, last added first. */
  defer(dispose: () => void | Promise<void>): void
}
