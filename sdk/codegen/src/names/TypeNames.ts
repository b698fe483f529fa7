/** What every file of a generated client imports, declares or takes for granted, and the words of the language. */
const taken = [
  'CallOptions',
  'Changed',
  'Client',
  'ClientOptions',
  'EventSource',
  'FeathersParams',
  'FeathersResource',
  'Omit',
  'Pick',
  'Promise',
  'ResourceClient',
  'Room',
  'ServiceTypes',
  'Signalbox',
  'connect',
  'createClient',
  'manifestHash',
  'part',
  ...`arguments async await break case catch class const continue debugger default delete do else enum eval export
  extends false finally for function if implements import in instanceof interface let new null package private
  protected public return static super switch this throw true try typeof undefined var void while with yield`.split(
    /\s+/
  )
]

/** Hands out the exported names of a client: each once, since its index exports those of every file. */
export class TypeNames {
  readonly #owners = new Map(taken.map((name) => [name, 'the client itself']))

  /** Takes the first of these names that is free, for `owner`. Throws a sentence where none is. */
  claim(owner: string, ...names: readonly [string, ...string[]]): string {
    const free = names.find((name) => !this.#owners.has(name))
    if (free === undefined) {
      const [name] = names
      throw new Error(
        `${this.#owners.get(name)} and ${owner} would both be called ${name}: rename one of them.`
      )
    }
    this.#owners.set(free, owner)
    return free
  }
}
