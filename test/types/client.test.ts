import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { clientMembers, generate, resourceMembers, serviceMembers } from '@signalbox/codegen'
import { createClient, part, type ClientMembers, type ResourceClient } from '@signalbox/client'
import { recorder } from '@signalbox/recorder'
import { build } from 'esbuild'
import { weather } from '../../examples/weather/plugin.ts'
import {
  clientProject,
  type Checked,
  type CheckOptions,
  type ClientProject
} from '../support/clientProject.ts'
import { manifestOf } from '../support/manifestOf.ts'
import { syntheticManifest } from '../support/syntheticManifest.ts'

const consumer = `import { createClient, type Camera, type JobDetail, type Signalbox } from './signalbox/index.js'

export async function use(client: Signalbox): Promise<unknown> {
  const found: Camera[] = await client.cameras.find({ enabled: true, name: { $in: ['Gate'] }, $sort: { name: 1 } })
  const { items, page } = await client.cameras.find({ page: 2 })
  for await (const { stationId } of client.cameras.all({ tags: 'outside' })) void stationId?.length
  const made = await client.cameras.create({ name: 'Gate', protocol: 'test' }, { idempotencyKey: 'once' })
  await client.cameras.patch(made.id, { location: null, version: made.version })
  const started: JobDetail = await client.jobs.start('1', { timeoutMs: 5000 })
  const camera: Camera | null = started.camera
  const lines: string[] = (await client.jobs.logs('1', { limit: 5 })).lines
  await client.jobs.history('1')
  const { temperature } = await client.cameras.weather('1')
  client.cameras.on('camera-changed', ({ action, seq, record }) => [action === 'patched', seq, record?.name])
  client.cameras.on('created', ({ name }) => name.length)
  const stop: () => void = client.jobs.on('job:stopped', ({ status }) => status === 'killed')
  for await (const { windSpeed } of client.stations.events('gust')) void windSpeed.toFixed()
  const room = client.jobs.followLogs('1')
  room.on('job:log', ({ line }) => line.length)
  const { room: name } = await client.send('follow:station', '1')
  const { email } = await client.signIn({ email: 'a@example.org', password: 'x' })
  await client.auth.logout()

  // @ts-expect-error a field that is not there
  await client.cameras.find({ colour: 'red' })
  // @ts-expect-error a value that the field cannot have
  await client.cameras.find({ protocol: 'smoke' })
  // @ts-expect-error a value that the enum has not
  await client.cameras.create({ name: 'Gate', protocol: 'smoke' })
  // @ts-expect-error a field is missing
  await client.cameras.create({ name: 'Gate' })
  // @ts-expect-error a field that only the server sets
  await client.stations.create({ name: 'Roof', url: 'http://a', temperature: 4 })
  // @ts-expect-error a field that is never without a value
  await client.cameras.patch('1', { name: null })
  // @ts-expect-error a secret is in no record
  void made.password
  // @ts-expect-error only get answers it
  void (await client.jobs.find())[0]?.runtime
  // @ts-expect-error an event that is not there
  client.jobs.on('job:started!', () => {})
  // @ts-expect-error a field that the event has not
  client.jobs.on('job:log', ({ jobName }) => jobName)
  // @ts-expect-error another event is told in the room
  room.on('job:started', () => {})
  // @ts-expect-error a method that is not there
  await client.jobs.pause('1')
  // @ts-expect-error the method takes another input
  await client.jobs.logs('1', { limit: 'all' })
  // @ts-expect-error the method takes an input
  await client.auth.login()
  // @ts-expect-error a service that is not there
  void client.phones
  // @ts-expect-error a command that is not there
  await client.send('follow:phone', '1')
  // @ts-expect-error the command takes another input
  await client.send('follow:station', 1)

  return [found, items, page, camera, lines, temperature, stop, name, email]
}

export const client: Signalbox = createClient({ url: 'http://127.0.0.1:3030', timeoutMs: 5000 })
`

const stock = `import { feathers } from '@feathersjs/feathers'
import type { ServiceTypes } from './signalbox/feathers.js'

const app = feathers<ServiceTypes>()

export async function use(): Promise<unknown> {
  const cameras = app.service('cameras')
  const [first] = await cameras.find({ query: { enabled: true, $or: [{ name: 'Gate' }], $select: ['name'] } })
  const { data, total } = await cameras.find({ query: { $limit: 1, $sort: { createdAt: -1 } } })
  const { items } = await cameras.find({ query: { page: 1 } })
  const made = await cameras.create({ name: 'Gate', protocol: 'test' })
  const { version } = await cameras.patch(made.id, { location: null })
  const { runtime } = await app.service('jobs').get('1')
  const { runtime: started } = await app.service('jobs').start({ id: '1' })
  const [run] = await app.service('jobs').history({ id: '1', limit: 5 })
  const { user } = await app.service('auth').login({ email: 'a@example.org', password: 'x' })
  const { name } = await app.service('health').find()
  await app.service('settings').patch(null, { 'weather.gustSpeed': 20 })
  const stations = await app.service('stations').find()
  cameras.on('created', (record) => record)

  // @ts-expect-error a field that is not there
  await cameras.find({ query: { colour: 'red' } })
  // @ts-expect-error a field is missing
  await cameras.create({ name: 'Gate' })
  // @ts-expect-error the wrong type
  await cameras.create({ name: 5, protocol: 'test' })
  // @ts-expect-error a method of a record takes its id
  await app.service('jobs').start({})
  // @ts-expect-error a service that is not there
  app.service('phones')

  return [first?.name, data, total, items, version, runtime, started.state, run?.exitCode, user, name, stations]
}
`

/** What strict projects ask for beside `strict`. */
const strictest = Object.fromEntries(
  [
    'exactOptionalPropertyTypes',
    'noUncheckedIndexedAccess',
    'noPropertyAccessFromIndexSignature',
    'erasableSyntaxOnly',
    'isolatedModules',
    'verbatimModuleSyntax',
    'noUnusedLocals',
    'noUnusedParameters',
    'noImplicitOverride'
  ].map((flag) => [flag, true])
)

describe('The generated client', function () {
  this.timeout(300_000)
  const manifest = manifestOf([recorder(), weather()])
  let project: ClientProject

  before(async () => {
    project = await clientProject()
  })
  after(() => project?.remove())

  async function passes(options?: CheckOptions): Promise<Checked> {
    const checked = await project.check(options)
    assert.equal(checked.code, 0, checked.output)
    return checked
  }

  it('is typed: a wrong field, value, event, method or command does not compile, on TypeScript 7 and 5.9', async () => {
    await project.generate(manifest)
    await project.write({ 'src/consumer.ts': consumer })
    await passes({ compilerOptions: strictest })
    await passes({ compiler: 5.9, compilerOptions: strictest })
  })

  it('types a stock Feathers client, too', async () => {
    await project.generate(manifest)
    await project.write({ 'src/stock.ts': stock })
    // Feathers needs the types of Node for its events.
    const compilerOptions = { types: ['node'] }
    await passes({ compilerOptions })
    await passes({ compilerOptions, compiler: 5.9 })
  })

  it('compiles as each kind of project imports: by .js, by .ts, and without an extension', async () => {
    await project.write({ 'src/consumer.ts': '', 'src/stock.ts': '' })
    await project.generate(manifest, { importExtension: 'js' })
    await passes()
    await passes({ compilerOptions: { module: 'esnext', moduleResolution: 'bundler' } })
    await passes({ compilerOptions: { allowImportingTsExtensions: true } })
    await project.generate(manifest, { importExtension: 'ts' })
    await passes({ compilerOptions: { allowImportingTsExtensions: true } })
    await project.generate(manifest, { importExtension: 'none' })
    await passes({ compilerOptions: { module: 'esnext', moduleResolution: 'bundler' } })
  })

  it('costs TypeScript at most 2,000 instantiations with 100 resources', async () => {
    await project.write({ 'src/consumer.ts': '', 'src/stock.ts': '' })
    await project.generate(syntheticManifest(100))
    const { instantiations } = await passes()
    // The declarations of the client and those of the language, which are in it, make four.
    console.log(`      ${instantiations} instantiations`)
    assert.ok(instantiations > 100, 'the client was checked')
    assert.ok(instantiations <= 2000, `${instantiations} instantiations`)
  })

  it('is generated in the time of a few copies of its manifest', () => {
    const large = syntheticManifest(100)
    const fastest = (act: () => unknown): number => {
      const times = Array.from({ length: 10 }, () => {
        const begun = performance.now()
        act()
        return performance.now() - begun
      })
      return Math.min(...times)
    }
    const copy = fastest(() => JSON.parse(JSON.stringify(large)))
    const took = fastest(() => generate(large))
    console.log(
      `      ${took.toFixed(1)} ms for 100 resources; a copy of the manifest takes ${copy.toFixed(1)} ms`
    )
    assert.ok(took < 30 * copy, `${took} ms against ${copy} ms`)
  })

  it('leaves a plugin out of a bundle that nobody asks for', async () => {
    await project.generate(manifest, { importExtension: 'ts' })
    const bundle = async (text: string): Promise<string> => {
      const { outputFiles } = await build({
        stdin: { contents: text, resolveDir: `${project.path}/src`, loader: 'ts' },
        alias: {
          '@signalbox/client': fileURLToPath(new URL('../../sdk/client/src/index.ts', import.meta.url))
        },
        external: ['socket.io-client'],
        bundle: true,
        format: 'esm',
        write: false
      })
      return outputFiles[0]?.text ?? ''
    }
    const some = await bundle(`import { createClient } from '@signalbox/client'
      import { recorder } from './signalbox/index.ts'
      export const client = createClient({ url: '/', parts: [recorder] })`)
    const all = await bundle(`export { createClient } from './signalbox/index.ts'`)
    for (const [text, isCore] of [
      ['/jobs/:id/history', false],
      ['/auth/change-password', true],
      ['follow:station', true]
    ] as const) {
      assert.ok(all.includes(text), text)
      assert.equal(some.includes(text), !isCore, text)
    }
  })
})

describe('What the generator knows of others', () => {
  it('is what the client has: the names that no service and no method may bear', () => {
    const table = { path: 'boats', singular: 'boat' }
    const services = part<{ boats: ResourceClient<object, object, object, object, object>; tide: object }>({
      boats: table,
      tide: { path: 'tide', events: ['high'] }
    })
    const client = createClient({ url: 'http://127.0.0.1:9', parts: [services] })
    try {
      const members: Record<keyof ClientMembers<unknown, unknown>, unknown> = client
      const own = Object.keys(members).filter((name) => name !== 'boats' && name !== 'tide')
      assert.deepEqual([...own, 'then'].sort(), [...clientMembers].sort())
      assert.deepEqual(Object.keys(client.boats).sort(), [...serviceMembers, ...resourceMembers].sort())
      assert.deepEqual(Object.keys(client.tide).sort(), [...serviceMembers].sort())
    } finally {
      client.close()
    }
  })
})
