import assert from 'node:assert/strict'
import { check, type Options } from 'prettier'
import { generate } from './generate.ts'
import type { Manifest, ManifestMethod } from './manifest/Manifest.ts'
import { command, manifest, objectOf, resource, service } from './testManifest.test.ts'

const text = { type: 'string' }
const moor: ManifestMethod = {
  name: 'moor',
  description: 'Moors it',
  on: 'record',
  http: 'POST',
  path: '/boats/:id/moor',
  input: objectOf({ berth: { type: 'integer' } }),
  output: null
}

function fileOf(made: Manifest, name: string): string {
  return generate(made).find((file) => file.name === name)?.text ?? assert.fail(`no ${name}`)
}

function harbour(made: Partial<Manifest>): string {
  return fileOf(manifest(made), 'harbour.ts')
}

describe('a generated client', () => {
  it('has a file for each plugin with something in it, one for all, and one for Feathers', () => {
    const plugins = ['a', 'harbour', 'z'].map((short) => ({
      name: `@acme/${short}`,
      version: '1.0.0',
      short
    }))
    const resources = [resource('boats'), resource('zebras', { plugin: '@acme/z' })]
    const files = generate(manifest({ plugins, resources }))
    assert.deepEqual(
      files.map(({ name }) => name),
      ['harbour.ts', 'z.ts', 'index.ts', 'feathers.ts']
    )
    for (const file of files)
      assert.match(file.text, /^\/\/ Made by signalbox generate from manifest abc123; do not edit\./)
  })

  it('imports by the extension that was asked for, .js unless it was', () => {
    const imports = (importExtension?: 'js' | 'ts' | 'none') =>
      generate(manifest(), importExtension && { importExtension })
        .flatMap(({ text }) => [...text.matchAll(/from '(\.[^']*)'/g)])
        .map(([, from]) => from)
    assert.deepEqual([...new Set(imports())], ['./harbour.js'])
    assert.deepEqual([...new Set(imports('ts'))], ['./harbour.ts'])
    assert.deepEqual([...new Set(imports('none'))], ['./harbour'])
  })

  it('takes an input only where the method takes one, and tells the runtime so', () => {
    const methods = [
      moor,
      { ...moor, name: 'sink', path: '/boats/:id/sink', input: null },
      {
        ...moor,
        name: 'count',
        on: 'collection',
        http: 'GET',
        path: '/boats/count',
        input: { ...objectOf({ from: text }), required: [] },
        output: { type: 'integer' }
      } as const
    ]
    const written = harbour({ resources: [resource('boats', { methods })] })
    assert.match(
      written,
      /moor\(id: string, input: BoatMoorInput, options\?: CallOptions\): Promise<{ success: true }>/
    )
    assert.match(written, /sink\(id: string, options\?: CallOptions\)/)
    assert.match(written, /count\(input\?: BoatCountInput, options\?: CallOptions\): Promise<number>/)
    assert.match(written, /moor: 'POST \/boats\/:id\/moor \(input\)'/)
    assert.match(written, /sink: 'POST \/boats\/:id\/sink'/)
  })

  it('answers with the interface of the record where that is what a method answers, or a list of it', () => {
    const boats = resource('boats')
    const record = { ...boats.schemas.record, description: 'The boat' }
    const detail = objectOf({ ...record.properties, crew: { type: 'array', items: text } })
    const methods = [
      { ...moor, name: 'turn', output: record },
      { ...moor, name: 'near', output: { type: 'array', items: record } },
      { ...moor, name: 'man', output: detail }
    ]
    const written = harbour({ resources: [{ ...boats, methods, schemas: { ...boats.schemas, detail } }] })
    assert.match(written, /turn\(.*Promise<Boat>/)
    assert.match(written, /near\(.*Promise<Boat\[\]>/)
    assert.match(written, /man\(.*Promise<BoatDetail>/)
    assert.match(written, /interface BoatDetail extends Boat \{\n {2}crew: string\[\]\n\}/)
  })

  it('calls the record of another resource by its name, from the file of its plugin', () => {
    const boat = { ...resource('boats').schemas.record, 'x-record': 'boats' }
    const plugins = [...manifest().plugins, { name: '@acme/pier', version: '1.0.0', short: 'pier' }]
    const methods: ManifestMethod[] = [{ ...moor, name: 'moored', output: { type: 'array', items: boat } }]
    const events = [
      { name: 'arrived', payload: objectOf({ boat: { anyOf: [boat, { type: 'null' }] }, at: text }) }
    ]
    const piers = resource('piers', { plugin: '@acme/pier', methods, events })
    const made = manifest({ plugins, resources: [resource('boats'), piers] })
    const written = fileOf(made, 'pier.ts')
    assert.match(written, /^import type \{ Boat \} from '\.\/harbour\.js'$/m)
    assert.match(written, /boat: Boat \| null/)
    assert.match(written, /moored\(.*Promise<Boat\[\]>/)
    assert.match(fileOf(made, 'feathers.ts'), /^import type \{ Boat, .*\} from '\.\/harbour\.js'$/m)
    assert.doesNotMatch(fileOf(made, 'harbour.ts'), /pier/)
  })

  it('writes a detail out that says another thing of a field than the record does', () => {
    const { schemas, ...boats } = resource('boats')
    const detail = objectOf({ id: text, name: { type: 'integer' }, more: text })
    const written = harbour({ resources: [{ ...boats, schemas: { ...schemas, detail } }] })
    assert.match(written, /interface BoatDetail \{\n {2}id: string\n {2}name: number\n {2}more: string\n\}/)
  })

  it('has the events of a service, each with a type of its own, and rooms on the service that they belong to', () => {
    const events = [
      { name: 'boat:moored', payload: objectOf({ boatId: text, berth: text }) },
      { name: 'storm', payload: objectOf({ force: { type: 'integer' } }) }
    ]
    const room = {
      service: 'boats',
      method: 'watch',
      leave: 'unwatch',
      events: ['boat:moored'],
      key: 'boatId'
    }
    const commands = [command('watch', { room }), command('unwatch')]
    const written = harbour({ resources: [resource('boats', { events })], commands })
    assert.match(written, /interface BoatMooredEvent \{/)
    assert.match(
      written,
      /interface BoatEvents \{\n {2}'boat-changed': Changed<Boat>\n {2}'boat:moored': BoatMooredEvent\n {2}storm: \{ force: number \}\n\}/
    )
    assert.match(written, /watch\(boatId: string\): Room<Pick<BoatEvents, 'boat:moored'>>/)
    assert.match(
      written,
      /watch: \{ join: 'watch', leave: 'unwatch', events: \['boat:moored'\], key: 'boatId' \}/
    )
  })

  it('lets an event that a resource declares win over the one of that name that all have', () => {
    const events = [{ name: 'boat-changed', payload: objectOf({ why: text }) }]
    const written = harbour({ resources: [resource('boats', { events })] })
    assert.match(written, /'boat-changed': \{ why: string \}/)
    assert.doesNotMatch(written, /Changed</)
  })

  it('gives way where a record has the name of something that the client needs', () => {
    const written = harbour({ resources: [resource('rooms')] })
    assert.match(written, /interface RoomRecord \{/)
    assert.match(written, /interface Rooms extends ResourceClient<\s*RoomRecord,\s*RoomRecord,\s*RoomCreate/)
    const plugins = [{ name: '@acme/switch', version: '1.0.0', short: 'switch' }]
    const made = manifest({ plugins, resources: [resource('boats', { plugin: '@acme/switch' })] })
    assert.match(fileOf(made, 'switch.ts'), /export const switchPlugin = /)
  })

  it('is of services without records, too', () => {
    const methods = [
      { ...moor, name: 'find', on: 'collection', http: 'GET', path: '/tide', input: null } as const
    ]
    const written = harbour({ resources: [], services: [service('tide', { methods })] })
    assert.match(written, /interface Tide \{\n {2}\/\*\* Moors it \*\/\n {2}find\(options\?: CallOptions\)/)
    assert.match(written, /tide: \{ path: 'tide', methods: \{ find: 'GET \/tide' \} \}/)
  })

  it('is the same text each time, and one that Prettier leaves as it is', async () => {
    const long = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`field${index}`, text]))
    const wide = {
      anyOf: [objectOf({ a: text, b: text }), { type: 'array', items: objectOf({ a: text, b: text }) }]
    }
    const methods = [
      {
        ...moor,
        name: 'measureEverythingThatCanBeMeasured',
        input: objectOf({ options: { enum: Object.keys(long) } })
      },
      { ...moor, name: 'rename', output: { type: 'object', additionalProperties: wide } }
    ]
    const record = objectOf({
      id: text,
      'not an identifier': text,
      words: { enum: Array.from({ length: 20 }, (_, index) => `word ${index}`) },
      list: { type: 'array', items: { enum: Array.from({ length: 20 }, (_, index) => `it's ${index}`) } },
      either: wide,
      perhaps: { anyOf: [objectOf(long), { type: 'null' }] },
      tuple: { type: 'array', prefixItems: [objectOf({ a: text, b: text }), text], items: false, minItems: 2 }
    })
    const boats = resource('boats-of-a-harbour-with-a-long-name', { methods })
    const made = manifest({
      resources: [{ ...boats, schemas: { ...boats.schemas, record } }, resource('rooms')],
      services: [service('tide', { events: [{ name: 'high tide', payload: objectOf(long) }] })],
      commands: [command('say', { input: objectOf(long), output: { type: 'null' } })]
    })
    const files = generate(made)
    assert.deepEqual(generate(JSON.parse(JSON.stringify(made))), files)
    const options: Options = {
      parser: 'typescript',
      semi: false,
      singleQuote: true,
      printWidth: 110,
      trailingComma: 'none'
    }
    for (const { name, text } of files) assert.ok(await check(text, options), `${name}\n${text}`)
  })

  describe('is refused in one sentence', () => {
    const other = { name: '@acme/b', version: '1.0.0', short: 'b' }
    const cases: [title: string, made: Partial<Manifest>, sentence: string][] = [
      [
        'where a service has the name of something that every client has',
        { resources: [resource('connection')] },
        'The service connection would be client.connection, which every client has already: rename it.'
      ],
      [
        'where a service would make a promise of the client',
        { services: [service('then')] },
        'The service then would be client.then, which every client has already: rename it.'
      ],
      [
        'where two services have one name',
        { resources: [resource('api-keys')], services: [service('api/keys')] },
        'The services api-keys and api/keys would both be client.apiKeys: rename one of them.'
      ],
      [
        'where a method has the name of one that every resource has',
        { resources: [resource('boats', { methods: [{ ...moor, name: 'live' }] })] },
        'The method boats.live would hide one that the client of every service has: rename it.'
      ],
      [
        'where a room has',
        {
          commands: [
            command('hear', { room: { service: 'boats', method: 'on', leave: 'x', events: [], key: 'id' } })
          ]
        },
        'The method boats.on would hide one that the client of every service has: rename it.'
      ],
      [
        'where two types have one name',
        {
          resources: [
            resource('boats', { methods: [{ ...moor, name: 'moor' }] }),
            resource('ships', { singular: 'boat-moor-input' })
          ]
        },
        'ships and boats would both be called BoatMoorInput: rename one of them.'
      ],
      [
        'where a plugin has the file of something else',
        { plugins: [...manifest().plugins, { ...other, short: 'index' }] },
        '@acme/b would write index.ts, which every client has: rename it.'
      ],
      [
        'where a plugin is not there',
        { resources: [resource('boats', { plugin: '@acme/gone' })] },
        'The manifest has boats of @acme/gone, but not that plugin.'
      ],
      [
        'where the service of a room is not there',
        {
          commands: [
            command('hear', { room: { service: 'ships', method: 'x', leave: 'x', events: [], key: 'id' } })
          ]
        },
        'The manifest has no ships, which has the room of hear.'
      ]
    ]
    for (const [title, made, message] of cases) {
      it(title, () => assert.throws(() => generate(manifest(made)), { message }))
    }
  })
})
