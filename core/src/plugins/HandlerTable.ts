import type { AnyHandler } from '../resources/mountService.ts'

/** The handlers that plugins give to declared methods, by path and method. */
export class HandlerTable {
  readonly #byPath = new Map<string, Map<string, AnyHandler>>()

  add(plugin: string, path: string, handlers: Readonly<Record<string, unknown>>): void {
    const table = this.#byPath.get(path) ?? new Map<string, AnyHandler>()
    for (const [method, handler] of Object.entries(handlers)) {
      if (table.has(method)) throw new Error(`${plugin} gives ${path}.${method} a second handler.`)
      table.set(method, handler as AnyHandler)
    }
    this.#byPath.set(path, table)
  }

  of(path: string): ReadonlyMap<string, AnyHandler> {
    return this.#byPath.get(path) ?? new Map()
  }
}
