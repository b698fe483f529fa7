import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import type { Plugin } from '@signalbox/plugin'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'

/** A plugin under test, with what it cannot start without. */
export interface Candidate {
  readonly name: string
  readonly plugin: () => Plugin
  readonly needs?: readonly (() => Plugin)[]
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security?: readonly unknown[]
  readonly 'x-permission'?: string
}

/** What every plugin must be, whoever wrote it. */
export function conformance({ name, plugin, needs = [] }: Candidate): void {
  describe(`${name} as a plugin`, function () {
    this.timeout(30_000)
    let platform: TestPlatform
    let operations: [verb: string, path: string, operation: Operation][]

    before(async () => {
      // Listed last-needed first: its place in the configuration must not matter.
      platform = await startTestPlatform({ plugins: [plugin(), ...needs.map((make) => make())] })
      const { body } = await platform.api('GET', '/openapi.json')
      operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, verbs]) =>
        Object.entries(verbs)
          .filter(([, operation]) => operation.tags?.includes(plugin().name))
          .map(([verb, operation]): [string, string, Operation] => [verb.toUpperCase(), path, operation])
      )
    })

    after(async () => {
      await platform?.stop()
      if (platform) await rm(platform.dataDirectory, { recursive: true, force: true })
    })

    it('runs on an empty database', async () => {
      const { body } = await (await platform.admin()).api('GET', '/status')
      assert.equal(body.plugins[name].state, 'running', body.plugins[name].error)
    })

    it('names its tables by its own prefix', () => {
      for (const { table } of [...(plugin().resources ?? []), ...(plugin().augmentations ?? [])]) {
        assert.ok(table === undefined || table.startsWith(`${name}_`), `${table} of ${name}`)
      }
    })

    it('has each of its permissions in the catalogue, with a sentence', async () => {
      const admin = await platform.admin()
      const { body } = await admin.api('GET', '/permissions')
      const described = new Map<string, string>(body.map((one: any) => [one.permissionKey, one.description]))
      const asked = operations.map(([, , operation]) => operation['x-permission'])
      for (const key of asked) {
        if (key === undefined || key === 'public' || key === 'signed-in') continue
        assert.ok(described.get(key), `${key} is not described`)
      }
    })

    it('answers nobody who has not signed in, and nobody without the permission', async () => {
      const stranger = await platform.client()
      for (const [verb, path, { operationId, security }] of operations) {
        if (security?.length === 0) continue
        const place = path.replace(/^\/api/, '').replace('{id}', 'none')
        const body = verb === 'GET' || verb === 'DELETE' ? undefined : {}
        assert.equal((await platform.api(verb, place, body)).status, 401, `${operationId} without a token`)
        const { status } = await stranger.api(verb, place, body)
        assert.ok([400, 403, 404].includes(status), `${operationId} for somebody without a role: ${status}`)
      }
    })

    it('describes each of its socket commands and events', async () => {
      const { body } = await platform.api('GET', '/asyncapi.json')
      const documented = JSON.stringify(body)
      const commands = (plugin().commands ?? []).flatMap((command) => [command.name, command.reply])
      const events = (plugin().resources ?? []).flatMap((resource) => Object.keys(resource.events ?? {}))
      for (const told of [...commands, ...events]) assert.ok(documented.includes(`"${told}"`), told)
    })

    it('starts again on its own data', async () => {
      const { dataDirectory } = platform
      await platform.stop({ keep: true })
      platform = await startTestPlatform({
        dataDirectory,
        plugins: [plugin(), ...needs.map((make) => make())]
      })
      const { body } = await (await platform.admin()).api('GET', '/status')
      assert.equal(body.plugins[name].state, 'running', body.plugins[name].error)
    })
  })
}
