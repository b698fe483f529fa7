import { PlatformError, type Around, type HookContext } from '@signalbox/plugin'
import type { Model } from './Model.ts'

export type Preparation = (context: HookContext) => Promise<void>

/** A mounted resource or service, with the hooks that plugins put around it. */
export class Registered {
  readonly model: Model
  readonly #around = new Map<string, Around[]>()
  readonly #prepare = new Map<string, Preparation[]>()

  constructor(model: Model) {
    this.model = model
  }

  addHooks(method: string, hooks: readonly Around[]): void {
    this.#around.set(method, [...(this.#around.get(method) ?? []), ...hooks])
  }

  addPreparation(method: string, run: Preparation): void {
    this.#prepare.set(method, [...(this.#prepare.get(method) ?? []), run])
  }

  hasHooks(method: string): boolean {
    return this.#around.has(method) || this.#around.has('all')
  }

  hooks(): Readonly<Record<string, readonly Around[]>> {
    return Object.fromEntries(this.#around)
  }

  preparations(method: string): readonly Preparation[] {
    return this.#prepare.get(method) ?? []
  }
}

/** Every resource and service of the running platform, by path. */
export class Registry {
  readonly #byPath = new Map<string, Registered>()
  readonly #bySingular = new Map<string, string>()

  add(model: Model): Registered {
    const taken = this.#byPath.get(model.path)
    if (taken) {
      throw new Error(`The path ${model.path} is claimed by both ${taken.model.plugin} and ${model.plugin}.`)
    }
    const twin = model.kind === 'resource' ? this.#bySingular.get(model.resource.singular) : undefined
    if (twin !== undefined)
      throw new Error(`The resources ${twin} and ${model.path} share the singular of their change event.`)
    if (model.kind === 'resource') this.#bySingular.set(model.resource.singular, model.path)
    const registered = new Registered(model)
    this.#byPath.set(model.path, registered)
    return registered
  }

  find(path: string): Registered | undefined {
    return this.#byPath.get(path)
  }

  at(path: string): Registered {
    const registered = this.#byPath.get(path)
    if (!registered) throw new PlatformError('notFound', `There is no service ${path}.`)
    return registered
  }

  models(): readonly Model[] {
    return [...this.#byPath.values()].map(({ model }) => model)
  }
}
