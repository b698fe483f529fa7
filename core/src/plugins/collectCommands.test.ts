import assert from 'node:assert/strict'
import { defineCommand, definePlugin, defineResource, type Command, type Plugin } from '@signalbox/plugin'
import { Type } from 'typebox'
import { collectCommands } from './collectCommands.ts'
import { collectModels } from './collectModels.ts'

const boats = defineResource({
  path: 'boats',
  singular: 'boat',
  description: 'Boats',
  table: 'harbour_boats',
  schema: Type.Object({ name: Type.String() }),
  methods: { moor: { description: 'Moors it', on: 'record' } },
  events: { moored: Type.Object({ boatId: Type.String() }), storm: Type.Object({ force: Type.Integer() }) }
})
const common = { description: 'Watches', reply: 'watched', input: Type.String(), output: Type.Object({}) }
const unwatch = defineCommand({ ...common, name: 'unwatch' })
const room = { service: boats, method: 'watch', leave: unwatch, events: ['moored'], key: 'boatId' } as const
const watch = defineCommand({ ...common, name: 'watch', room })

function harbour(...commands: readonly Command[]): Plugin {
  const name = '@test/harbour'
  return definePlugin({ name, version: '1.0.0', platform: '^1.0.0', resources: [boats], commands })()
}

function collect(...plugins: readonly Plugin[]): string[] {
  return collectCommands(plugins, collectModels(plugins)).map(({ command }) => command.name)
}

/** What a plugin may say that is not checked by TypeScript. */
function watchWith(change: object): Command {
  return { ...watch, room: { ...room, ...change } }
}

describe('the commands of plugins', () => {
  it('are collected where each room is what it says', () => {
    assert.deepEqual(collect(harbour(watch, unwatch)), ['watch', 'unwatch'])
  })

  it('have one owner each', () => {
    const other = definePlugin({ name: '@test/b', version: '1.0.0', platform: '*', commands: [unwatch] })()
    assert.throws(() => collect(harbour(unwatch), other), {
      message: '@test/harbour and @test/b both declare the socket command unwatch.'
    })
  })

  it('name nothing in a room that is not there, and nothing that is taken', () => {
    const begin = '@test/harbour: the room of watch '
    const cases: [fault: string, command: Command][] = [
      ['belongs to ships, which no configured plugin owns.', watchWith({ service: { path: 'ships' } })],
      ['is opened by boats.moor, which is a method already.', watchWith({ method: 'moor' })],
      ['is opened by boats.find, which is a method already.', watchWith({ method: 'find' })],
      ['has the method name look-out, which is not in camelCase.', watchWith({ method: 'look-out' })],
      ['is left by leave, which @test/harbour does not declare.', watchWith({ leave: { name: 'leave' } })],
      ['has no events.', watchWith({ events: [] })],
      ['is told sunk, which is no event of boats.', watchWith({ events: ['sunk'] })],
      ['has the key boatId, which is no field of the event storm.', watchWith({ events: ['storm'] })],
      ['has the key id, which is no field of the event moored.', watchWith({ key: 'id' })],
      ['is named by an input that is not a string.', { ...watch, input: Type.Object({}) }]
    ]
    for (const [fault, command] of cases) {
      assert.throws(() => collect(harbour(command, unwatch)), { message: begin + fault })
    }
  })

  it('open each room by a method of its own', () => {
    const again = { ...watch, name: 'again' }
    assert.throws(() => collect(harbour(watch, again, unwatch)), {
      message: 'Two rooms of @test/harbour are both opened by boats.watch.'
    })
  })
})
