import type { Static, TSchema } from 'typebox'

declare const defaulted: unique symbol

/** A field that need not be sent: its default stands in. A record always has it. */
export type Defaulted<T extends TSchema> = T & { readonly [defaulted]?: true }

/** The keys of these properties that have a default. */
export type DefaultedKeys<P> = {
  [K in keyof P]: typeof defaulted extends keyof P[K] ? K : never
}[keyof P]

/**
 * Gives a field the value it takes where a create leaves it out.
 *
 * @example
 * enabled: withDefault(Type.Boolean(), true)
 */
export function withDefault<T extends TSchema>(schema: T, value: Static<T>): Defaulted<T> {
  // TypeBox's own marks are not enumerable: a spread would lose them.
  const copy: object = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema))
  return Object.assign(copy, { default: value }) as unknown as Defaulted<T>
}
