import type { Resource } from '@signalbox/plugin'
import type { TestPlatform } from '../platform/testPlatform.ts'
import type { Candidate } from './Check.ts'
import { operationOf, type Documents } from './readDocuments.ts'
import { sampleOf, type Schema } from './sampleOf.ts'
import { schemaFaults } from './schemaFaults.ts'

export interface SamplesOptions {
  readonly platform: TestPlatform
  readonly documents: Documents
  /** The resources of all plugins of the platform. */
  readonly resources: readonly Resource[]
  readonly given: NonNullable<Candidate['samples']>
}

/** Makes up records. A required field such as `cameraId` gets the id of a camera that is made for it. */
export class Samples {
  readonly #options: SamplesOptions
  readonly #made = new Map<string, Promise<string>>()

  constructor(options: SamplesOptions) {
    this.#options = options
  }

  /** The body of a create. Throws a sentence where no schema and no example tells what would be accepted. */
  async of(
    resource: Resource,
    more: Readonly<Record<string, unknown>> = {}
  ): Promise<Record<string, unknown>> {
    const { documents, given } = this.#options
    const schema = this.#createSchema(resource)
    const known = { ...(await this.#references(schema)), ...more, ...given[resource.path] }
    const sample = sampleOf(schema, { schemas: documents.schemas, known }) as Record<string, unknown>
    const faults = schemaFaults(sample, schema, documents)
    if (faults.length === 0) return sample
    throw new Error(
      `No ${resource.singular} can be made up (${faults.join('; ')}): give the field examples, as in ` +
        "Type.String({ pattern: …, examples: ['…'] })."
    )
  }

  /** The body of a patch that such a record takes. */
  changeOf(resource: Resource, sample: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { documents } = this.#options
    const { requestBody } = operationOf(documents, `${resource.path.replaceAll('/', '.')}.patch`)
    const { properties = {} } = this.#resolve(requestBody?.content['application/json'].schema ?? {})
    const name = Object.keys(sample).find((field) => field in properties)
    return name === undefined ? {} : { [name]: sample[name] }
  }

  /** Removes the records that were made for others to refer to. */
  async clear(): Promise<void> {
    const { api } = await this.#options.platform.admin()
    for (const [path, id] of [...this.#made].toReversed()) {
      const made = await id.catch(() => undefined)
      if (made !== undefined) await api('DELETE', `/${path}/${encodeURIComponent(made)}`)
    }
    this.#made.clear()
  }

  async #references(schema: Schema): Promise<Record<string, unknown>> {
    const known: Record<string, unknown> = {}
    for (const name of schema.required ?? []) {
      const resource = this.#options.resources.find(({ singular }) => name === `${toCamel(singular)}Id`)
      if (name === 'userId') known[name] = (await this.#options.platform.admin()).id
      else if (resource) known[name] = await this.#idOf(resource)
    }
    return known
  }

  #idOf(resource: Resource): Promise<string> {
    const made = this.#made.get(resource.path) ?? this.#make(resource)
    this.#made.set(resource.path, made)
    return made
  }

  async #make(resource: Resource): Promise<string> {
    const { api } = await this.#options.platform.admin()
    const { status, body } = await api('POST', `/${resource.path}`, await this.of(resource))
    if (status === 201) return body.id
    throw new Error(`No ${resource.singular} could be made for others to refer to: ${JSON.stringify(body)}`)
  }

  #createSchema({ path }: Resource): Schema {
    const { requestBody } = operationOf(this.#options.documents, `${path.replaceAll('/', '.')}.create`)
    return this.#resolve(requestBody?.content['application/json'].schema ?? {})
  }

  #resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1)
    return name === undefined ? schema : (this.#options.documents.schemas[name] ?? {})
  }
}

function toCamel(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
