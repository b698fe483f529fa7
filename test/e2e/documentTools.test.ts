import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Parser } from '@asyncapi/parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { recorder } from '@signalbox/recorder'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Manifest } from '../../core/src/documents/manifestShape.ts'
import { weather } from '../../examples/weather/plugin.ts'
import { compilers } from '../support/emitDeclarations.ts'
import { startTestPlatform } from '../support/startTestPlatform.ts'
import { temporaryDirectory } from '../support/temporaryDirectory.ts'
import { runToEnd } from './runCommand.ts'

const generator = fileURLToPath(new URL('../node_modules/openapi-typescript/bin/cli.js', import.meta.url))

/** What somebody writes who has the types of the REST door. */
const consumer = `import type { components, paths } from './api.js'

type Camera = components['schemas']['Camera']
type Create = paths['/api/cameras']['post']['requestBody']['content']['application/json']
type Listed = paths['/api/cameras']['get']['responses']['200']['content']['application/json']

export const create: Create = { name: 'Gate', protocol: 'rtsp', streams: { main: 'rtsp://127.0.0.1/' } }
// @ts-expect-error a field is missing
export const incomplete: Create = { name: 'Gate' }
// @ts-expect-error a value that the enum has not
export const wrong: Create = { name: 'Gate', protocol: 'smoke' }
export const camera = (job: components['schemas']['JobDetail']): Camera | null => job.camera
export const first = (listed: Listed): string | null | undefined =>
  Array.isArray(listed) ? listed[0]?.location : 'items' in listed ? listed.items[0]?.stationId : undefined
`

describe('The documents of a platform, to the tools of others', function () {
  this.timeout(240_000)
  let openapi: any
  let asyncapi: any
  let manifest: Manifest

  before(async () => {
    const platform = await startTestPlatform({ plugins: [recorder(), weather()] })
    try {
      openapi = (await platform.api('GET', '/openapi.json')).body
      asyncapi = (await platform.api('GET', '/asyncapi.json')).body
      manifest = (await (await fetch(`${platform.url}/.well-known/signalbox.json`)).json()) as Manifest
    } finally {
      await platform.stop()
    }
  })

  it('are OpenAPI 3.1, each schema of which compiles', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(openapi))
    assert.ok(valid, JSON.stringify(errors))
    assert.equal(validator.version, '3.1')
    const ajv = new Ajv2020({
      strict: true,
      strictRequired: false,
      strictTypes: false,
      validateFormats: false
    })
    ajv.addKeyword('x-record')
    const schemas: object = openapi.components.schemas
    const whole = { $id: 'document', components: { schemas } }
    ajv.addVocabulary(['components'])
    ajv.addSchema(whole)
    assert.ok(Object.keys(schemas).length > 50)
    for (const name of Object.keys(schemas)) ajv.compile({ $ref: `document#/components/schemas/${name}` })
  })

  it('are AsyncAPI 3.0', async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncapi))
    const complaints = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version')
    assert.deepEqual(complaints, [])
    assert.equal(document?.version(), '3.0.0')
  })

  it('have in AsyncAPI each call, each event and each command that the manifest has', () => {
    const at = (reference: string): any =>
      reference
        .slice(2)
        .split('/')
        .reduce((value, key) => value[key], asyncapi)
    const operations = Object.values<any>(asyncapi.operations).map(
      ({ action, channel, messages, reply }) => ({
        action,
        address: at(channel.$ref).address,
        of: at(messages[0].$ref).payload.items?.[0]?.const,
        reply: reply && at(reply.channel.$ref).address
      })
    )
    let expected = 0
    const expect = (wanted: object): void => {
      expected++
      const matching = operations.filter((operation: Record<string, unknown>) =>
        Object.entries(wanted).every(([key, value]) => operation[key] === value)
      )
      assert.equal(matching.length, 1, JSON.stringify(wanted))
    }
    for (const { path, singular } of manifest.resources) {
      for (const method of ['find', 'get', 'create', 'update', 'patch', 'remove'])
        expect({ action: 'receive', address: method, of: path, reply: null })
      for (const change of ['created', 'updated', 'patched', 'removed'])
        expect({ action: 'send', address: `${path} ${change}` })
      expect({ action: 'send', address: `${singular}-changed` })
    }
    for (const { path, methods, events } of [...manifest.resources, ...manifest.services]) {
      for (const { name } of methods) expect({ action: 'receive', address: name, of: path, reply: null })
      for (const { name } of events) expect({ action: 'send', address: name })
    }
    for (const { name, reply } of manifest.commands) expect({ action: 'receive', address: name, reply })
    expect({ action: 'send', address: 'error' })
    assert.equal(operations.length, expected, 'there is nothing else')
  })

  it('become types by openapi-typescript, without a complaint, that compile on TypeScript 7 and 5.9', async () => {
    const { path, remove } = await temporaryDirectory()
    try {
      await writeFile(join(path, 'openapi.json'), JSON.stringify(openapi))
      await writeFile(join(path, 'consumer.ts'), consumer)
      await writeFile(join(path, 'package.json'), JSON.stringify({ type: 'module' }))
      const compilerOptions = {
        module: 'nodenext',
        target: 'es2023',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        types: []
      }
      await writeFile(
        join(path, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['consumer.ts'] })
      )
      const run = (program: string, ...args: string[]): ReturnType<typeof runToEnd> =>
        runToEnd(process.execPath, [program, ...args], { cwd: path, timeoutMs: 120_000 })
      // Unless it is told, it takes a field with a default for one that must be sent.
      const made = await run(generator, 'openapi.json', '--output', 'api.ts', '--default-non-nullable=false')
      assert.equal(made.code, 0, made.output)
      assert.doesNotMatch(made.output, /warn|error|⚠|✘/i)
      for (const compiler of Object.values(compilers)) {
        const checked = await run(compiler, '-p', '.')
        assert.equal(checked.code, 0, checked.output)
      }
    } finally {
      await remove()
    }
  })
})
