import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Application } from '@feathersjs/feathers'
import {
  PlatformError,
  type Augmentation,
  type Caller,
  type Clock,
  type Context,
  type Hooks,
  type Logger,
  type Plugin,
  type Preparations,
  type RegisterContext,
  type Resource,
  type Scopes,
  type Service
} from '@signalbox/plugin'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { shortName } from '../config/shortName.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { DoorTable } from '../doors/DoorTable.ts'
import type { Consumers } from '../consumers/Consumers.ts'
import type { Leases } from '../leases/Leases.ts'
import type { Commands } from '../realtime/Commands.ts'
import type { Publisher } from '../realtime/Publisher.ts'
import type { Registry } from '../resources/Registry.ts'
import { serviceFacade } from '../resources/serviceFacade.ts'
import type { TableService } from '../resources/TableService.ts'
import type { Settings } from '../system/Settings.ts'
import type { Tasks } from '../tasks/index.ts'
import { ExtensionPoints } from './ExtensionPoints.ts'
import { HandlerTable } from './HandlerTable.ts'
import { Lifecycle, type Attempt, type PluginStatus } from './Lifecycle.ts'

/** What the host gives to every plugin's context. */
export interface HostParts {
  readonly app: Application
  readonly registry: Registry
  readonly units: UnitsOfWork
  readonly commands: Commands
  readonly settings: Settings
  readonly tasks: Tasks
  readonly clock: Clock
  readonly scopes: Scopes
  readonly doors: DoorTable
  readonly log: PluginLogger
  readonly leases: Leases
  readonly consumers: Consumers
  readonly instance: string
  readonly config: PlatformConfig
}

export interface PluginLogger extends Logger {
  child(bindings: object): Logger
}

interface Running {
  readonly context: Context
  readonly started: unknown
}

interface Hosted {
  readonly plugin: Plugin
  readonly lifecycle: Lifecycle
}

/** Registers plugins, starts them in the order of their needs, and stops them in reverse. */
export class PluginHost {
  readonly extensions = new ExtensionPoints()
  readonly handlers = new HandlerTable()
  readonly #parts: HostParts
  readonly #hosted: Hosted[] = []
  readonly #running = new Map<string, Running>()
  #tables: ReadonlyMap<string, TableService> = new Map()
  #publisher: Publisher | undefined

  constructor(parts: HostParts) {
    this.#parts = parts
  }

  /** The mounted resources, once they are there. */
  useTables(tables: ReadonlyMap<string, TableService>): void {
    this.#tables = tables
  }

  /** The scopes a record stands in, as the feed keeps them. */
  async scopesOf(path: string, id: string): Promise<readonly string[]> {
    const table = this.#tables.get(path)
    if (!table) throw new PlatformError('notFound', `${path} is not a resource of this platform.`)
    return table.scopesOf(id)
  }

  /** Where events go, once there are doors. */
  usePublisher(publisher: Publisher): void {
    this.#publisher = publisher
  }

  /** Calls each `register`. The registry must hold every model by now. */
  register(plugins: readonly Plugin[]): void {
    for (const plugin of plugins) {
      const lifecycle = this.#lifecycle(plugin)
      this.#hosted.push({ plugin, lifecycle })
      try {
        plugin.register?.(this.#registerContext(plugin) as never)
      } catch (error) {
        throw new Error(`${plugin.name} could not register: ${(error as Error).message}`, { cause: error })
      }
      const silent = plugin.commands?.find(({ name }) => !this.#parts.commands.find(name))
      if (silent)
        throw new Error(`${plugin.name} declares the command ${silent.name} but gives it no handler.`)
    }
  }

  /** Starts each after those it requires; one whose requirement does not run waits for it. */
  async start(): Promise<void> {
    for (const { plugin, lifecycle } of this.#hosted) {
      const missing = this.#hosted.find(
        ({ plugin: other, lifecycle: its }) => plugin.requires?.[other.name] !== undefined && !its.running
      )
      if (!missing) {
        await lifecycle.start()
        continue
      }
      lifecycle.wait(`waits for ${missing.plugin.name}`)
      missing.lifecycle.onceRunning(() => void lifecycle.start())
    }
  }

  async stop(): Promise<void> {
    for (const { lifecycle } of this.#hosted.toReversed()) await lifecycle.stop()
  }

  status(): Record<string, PluginStatus> {
    return Object.fromEntries(
      this.#hosted.map(({ plugin, lifecycle }) => [shortName(plugin.name), lifecycle.status()])
    )
  }

  #lifecycle(plugin: Plugin): Lifecycle {
    const { name, version, essential = false } = plugin
    return new Lifecycle({
      name,
      version,
      essential,
      log: this.#parts.log,
      start: (attempt) => this.#start(plugin, attempt)
    })
  }

  async #start(plugin: Plugin, attempt: Attempt): Promise<void> {
    const context = await this.#context(plugin, attempt)
    attempt.defer(() => void this.#running.delete(plugin.name))
    this.#running.set(plugin.name, { context, started: undefined })
    const started: unknown = await plugin.start?.(context as never)
    this.#running.set(plugin.name, { context, started })
  }

  #registerContext(plugin: Plugin): RegisterContext {
    const { registry, commands } = this.#parts
    const running = (): Running => {
      const found = this.#running.get(plugin.name)
      if (!found) throw new PlatformError('unavailable', `${plugin.name} is not running at the moment.`)
      return found
    }
    return {
      config: this.#parts.config.pluginConfig[shortName(plugin.name)] ?? {},
      log: this.#logOf(plugin),
      extend: (point, value) => this.extensions.extend(point, value),
      handle: (resource: Resource | Service, handlers: object) =>
        this.handlers.add(plugin.name, resource.path, { ...handlers }),
      augment: (augmentation: Augmentation, handlers: object) =>
        this.handlers.add(plugin.name, augmentation.resource.path, { ...handlers }),
      hook: (resource: Resource, hooks: Hooks) => {
        for (const [method, around] of Object.entries(hooks))
          registry.at(resource.path).addHooks(method, around)
      },
      prepare: (resource: Resource, preparations: Preparations) => {
        for (const [method, run] of Object.entries(preparations))
          registry.at(resource.path).addPreparation(method, run)
      },
      command: (command, handler) => commands.add(command, handler as never),
      get running() {
        return running().context
      },
      get started() {
        const { started } = running()
        if (started === undefined) throw new PlatformError('unavailable', `${plugin.name} is still starting.`)
        return started
      }
    }
  }

  async #context(plugin: Plugin, attempt: Attempt): Promise<Context> {
    const { app, registry, units, settings, tasks, clock, doors, leases, consumers, instance, config } =
      this.#parts
    const short = shortName(plugin.name)
    const { dataDirectory, timeZone } = config
    const directory = join(dataDirectory, short)
    await mkdir(directory, { recursive: true, mode: 0o700 })
    return {
      config: config.pluginConfig[short] ?? {},
      log: this.#logOf(plugin),
      signal: attempt.signal,
      directory,
      dataDirectory,
      instance,
      timeZone,
      clock,
      db: () => units.db(),
      unitOfWork: (work) => units.run(work),
      afterCommit: (run) => units.afterCommit(run),
      service: (resource: Resource | Service, options: { readonly as?: Caller } = {}) =>
        serviceFacade(app, registry.at(resource.path).model, options.as) as never,
      reveal: (resource, id) => {
        const table = this.#tables.get(resource.path)
        if (!table) throw new Error(`${resource.path} is not a resource of this platform.`)
        return table.reveal(id)
      },
      emit: (resource, event, payload, options) =>
        this.#publisher?.emit(registry.at(resource.path).model, event, payload, options),
      collect: (point) => this.extensions.collect(point),
      scopes: this.#parts.scopes,
      setting: <T>(name: string) => settings.get(`${short}.${name}`) as T,
      task: (task) => tasks.add(short, task),
      lease: async (key, run, options) => {
        const lease = await leases.take(`${short}/${key}`, run, options)
        await deferOrUndo(attempt, () => lease.release())
        return lease
      },
      consume: async (name, handler) =>
        deferOrUndo(attempt, await consumers.add(`${short}.${name}`, handler)),
      door: (door) => attempt.defer(doors.open(door)),
      defer: attempt.defer
    }
  }

  #logOf(plugin: Plugin): Logger {
    return this.#parts.log.child({ plugin: shortName(plugin.name) })
  }
}

/** A start that was given up meanwhile is undone at once. */
async function deferOrUndo(attempt: Attempt, dispose: () => Promise<void>): Promise<void> {
  if (attempt.signal.aborted) await dispose()
  else attempt.defer(dispose)
}
