import type { ExtensionPoint } from '@signalbox/plugin'

/** What plugins have put into each other's extension points. Filled while registering, read afterwards. */
export class ExtensionPoints {
  readonly #values = new Map<string, unknown[]>()

  extend<X>(point: ExtensionPoint<X>, value: X): void {
    this.#values.set(point.id, [...(this.#values.get(point.id) ?? []), value])
  }

  collect<X>(point: ExtensionPoint<X>): readonly X[] {
    return (this.#values.get(point.id) ?? []) as X[]
  }
}
