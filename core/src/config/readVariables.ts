import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { coerce } from './coerce.ts'
import type { PlainObject } from './Schema.ts'
import type { Variable } from './Variable.ts'

export interface Environment {
  /** An empty text is the same as absent. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths start here: the folder of the configuration file. */
  readonly directory: string
}

export interface ReadVariables {
  /** What the environment gives, in the shape of the configuration. */
  readonly values: PlainObject
  /** Path → the variable that gave it. */
  readonly sources: ReadonlyMap<string, string>
  readonly faults: readonly string[]
}

function readSecretFile(name: string, path: string): string {
  const text = readFileSync(path, 'utf8').replace(/(\r?\n)+$/, '')
  if (text === '') throw new Error(`${name}: ${path} is empty`)

  return text
}

function tryReadSecretFile(name: string, path: string, faults: string[]): string | undefined {
  try {
    return readSecretFile(name, path)
  } catch (error: any) {
    const { code, message }: NodeJS.ErrnoException = error
    faults.push(code === undefined ? message : `${name}: ${path} cannot be read (${code})`)

    return undefined
  }
}

function setAt(target: PlainObject, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop()!
  let holder: any = target

  for (const key of keys) holder = holder[key] ??= {}
  holder[last] = value
}

/** Reads each variable, or the file that `<NAME>_FILE` points to, and turns it into a value by its schema. */
export function readVariables(
  variables: readonly Variable[],
  { env, directory }: Environment
): ReadVariables {
  const declared = new Set(variables.map(({ name }) => name))
  const values: PlainObject = {}
  const sources = new Map<string, string>()
  const faults: string[] = []

  for (const { name, path, schema } of variables) {
    // A variable that is declared under the name of another's file form keeps its own meaning.
    const fileName = declared.has(`${name}_FILE`) ? undefined : `${name}_FILE`
    const file = (fileName && env[fileName]) || undefined
    const direct = env[name] || undefined

    if (file !== undefined && direct !== undefined) {
      faults.push(`${name} and ${fileName} are both given; keep one`)
      continue
    }

    const source = file === undefined ? name : `${name}_FILE`
    const text = file === undefined ? direct : tryReadSecretFile(source, resolve(directory, file), faults)
    if (text === undefined) continue

    setAt(values, path, coerce(text, schema))
    sources.set(path, source)
  }

  return { values, sources, faults }
}
