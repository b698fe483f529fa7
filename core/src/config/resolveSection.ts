import { applyDefaults } from './applyDefaults.ts'
import { checkValue } from './checkValue.ts'
import { merge } from './merge.ts'
import { readVariables } from './readVariables.ts'
import type { Environment } from './readVariables.ts'
import { isPlainObject } from './Schema.ts'
import type { PlainObject, Schema } from './Schema.ts'
import type { Variable } from './Variable.ts'

export interface SectionOptions {
  readonly schema: Schema
  readonly variables: readonly Variable[]
  readonly environment: Environment
  /** What the configuration file says: over the defaults, under the environment. */
  readonly given: unknown
  /** What wins over the environment. */
  readonly overrides?: unknown
  /** Stands before a path in a fault: `telephony: `. */
  readonly prefix?: string
}

export interface Section {
  /** Complete and valid where there are no faults. */
  readonly values: PlainObject
  readonly faults: readonly string[]
  /** How a fault calls a path: by the variable that gave its value, else by the path itself. */
  readonly nameOf: (path: string) => string
}

function valueAt(root: unknown, path: string): unknown {
  return path.split('.').reduce<any>((value, key) => value?.[key], root)
}

/** One part of the configuration: defaults, then what is given, the environment, and the overrides; checked. */
export function resolveSection(options: SectionOptions): Section {
  const { schema, variables, environment, given, overrides, prefix = '' } = options
  const read = readVariables(variables, environment)

  function nameOf(path: string): string {
    for (const [source, name] of read.sources) {
      const rest = path.slice(source.length)
      const isSource = path.startsWith(source) && /^([.[]|$)/.test(rest)

      if (isSource && valueAt(overrides, source) === undefined) return name + rest
    }

    return prefix + path
  }

  function variableOf(path: string): string | undefined {
    return variables.find((variable) => variable.path === path)?.name
  }

  const value = applyDefaults(schema, [given, read.values, overrides].reduce(merge, {}))
  const faults = [...read.faults, ...checkValue({ schema, value, names: { nameOf, variableOf } })]

  return { values: isPlainObject(value) ? value : {}, faults, nameOf }
}
