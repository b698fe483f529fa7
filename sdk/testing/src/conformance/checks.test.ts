import assert from 'node:assert/strict'
import {
  definePlugin,
  defineCommand,
  defineResource,
  recordColumns,
  type Migration,
  type Plugin
} from '@signalbox/plugin'
import { Type } from 'typebox'
import type { Subject } from './Check.ts'
import { declarationChecks, liveChecks } from './checks.ts'
import { openSubject } from './openSubject.ts'

const migrations = (sql: string): Migration[] => [
  { name: '001-first', up: async (knex) => void (await knex.raw(sql)) }
]

describe('A plugin’s declaration is at fault', () => {
  const faultsOf = (plugin: Plugin): string[] =>
    declarationChecks.flatMap(({ faults }) => faults(plugin, 'faulty'))
  const declare = (more: object): Plugin =>
    definePlugin({ name: '@test/faulty', version: '1.0.0', platform: '^1.0.0', ...more })()
  const resource = (more: object): Plugin =>
    declare({
      resources: [
        defineResource({
          path: 'lamps',
          singular: 'lamp',
          description: 'Lamps',
          table: 'faulty_lamps',
          schema: Type.Object({ name: Type.String() }),
          ...more
        })
      ]
    })

  it('not where there is nothing wrong', () => {
    assert.deepEqual(faultsOf(resource({})), [])
  })

  const cases: [what: string, plugin: () => Plugin, fault: RegExp][] = [
    [
      'a resource without a description',
      () => resource({ description: ' ' }),
      /resource lamps has no description/
    ],
    [
      'a method without one',
      () => resource({ methods: { blink: { description: '', on: 'record' } } }),
      /method blink of lamps has no description/
    ],
    [
      'an option without one',
      () => declare({ config: Type.Object({ size: Type.Integer({ default: 1 }) }) }),
      /option size has no description/
    ],
    ['a path that is its singular', () => resource({ singular: 'lamps' }), /path lamps is its singular too/],
    ['a path in capitals', () => resource({ path: 'Lamps' }), /path Lamps has not the form of api-keys/],
    [
      'a field in snake_case',
      () => resource({ schema: Type.Object({ wind_speed: Type.Number() }) }),
      /field of lamps wind_speed has not the form of windSpeed/
    ],
    [
      'an event in camelCase',
      () => resource({ events: { lampLit: Type.Object({}) } }),
      /event of lamps lampLit has not the form of job:started/
    ],
    [
      'an event that every resource has',
      () => resource({ events: { 'lamp-changed': Type.Object({}) } }),
      /lamp-changed is one that every resource has/
    ],
    [
      'a command without a colon',
      () =>
        declare({
          commands: [
            defineCommand({
              name: 'wave',
              description: 'Waves',
              reply: 'waved',
              input: Type.Any(),
              output: Type.Any()
            })
          ]
        }),
      /command wave has not the form of subscribe:logs/
    ],
    [
      'migrations out of order',
      () => declare({ migrations: ['002-b', '001-a'].map((name) => ({ name, up: async () => {} })) }),
      /002-b, 001-a are not in order/
    ],
    [
      'a table of no prefix',
      () => resource({ table: 'lamps' }),
      /table lamps could be anybody’s: call it faulty_lamps/
    ]
  ]
  for (const [what, plugin, fault] of cases) {
    it(`for ${what}`, () => {
      const faults = faultsOf(plugin())
      assert.equal(faults.length, 1, faults.join('\n'))
      assert.match(faults[0] ?? '', fault)
    })
  }
})

describe('A plugin that runs is at fault', function () {
  this.timeout(60_000)
  let subject: Subject

  const lamps = defineResource({
    path: 'lamps',
    singular: 'lamp',
    description: 'Lamps',
    table: 'faulty_lamps',
    schema: Type.Object({
      name: Type.String({ examples: ['Hall'] }),
      colour: Type.Optional(Type.String({ examples: [7 as never] })),
      pin: Type.Optional(Type.String())
    }),
    secrets: ['pin'],
    methods: { blink: { description: 'Blinks', on: 'record', permission: 'public' } }
  })
  /** Its hooks do what a careless plugin’s would. */
  const faulty = definePlugin({
    name: '@test/faulty',
    version: '1.0.0',
    platform: '^1.0.0',
    resources: [lamps],
    migrations: migrations(
      `create table faulty_lamps (${recordColumns}, name text not null, colour text, pin text)`
    ),
    register(ctx) {
      ctx.handle(lamps, { blink: async () => undefined })
      ctx.prepare(lamps, {
        create: async ({ data }) => {
          ctx.running.emit(lamps as never, 'told' as never, { pin: (data as { pin?: string }).pin } as never)
          if (typeof data['name'] !== 'string') throw new Error('never reached')
        }
      })
      ctx.hook(lamps, {
        get: [
          async (context, next) => {
            await next()
            context.result = { ...context.result, colour: 7 }
          }
        ],
        patch: [
          async (context) => {
            context.result = await ctx.running.service(lamps).get(String(context.id))
          }
        ]
      })
    }
  })

  before(async () => {
    subject = await openSubject({ plugin: faulty, name: 'faulty' })
  })

  after(() => subject?.platform.stop())

  const faultsOf = async (title: string): Promise<string> => {
    const check = liveChecks.find((one) => one.title === title) ?? assert.fail(title)
    try {
      await check.run(subject)
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }

  it('not where there is nothing wrong', async () => {
    for (const title of [
      'runs on an empty database',
      'answers nobody who has not signed in, and nobody without the permission'
    ])
      assert.equal(await faultsOf(title), '')
  })

  it('for an example that its schema does not allow', async () => {
    assert.match(
      await faultsOf('is described by documents that hold together'),
      /LampCreate\.colour: the example or default 7 /
    )
  })

  it('for an answer that is not what the document says', async () => {
    assert.match(
      await faultsOf('creates, reads, changes and removes records as its documents say'),
      /GET \/lamps\/\{id\} answered 200, but colour must/
    )
  })

  it('for a change that was answered and not made', async () => {
    assert.match(
      await faultsOf('tells each of those changes once, in order'),
      /lamp-changed told created, updated, removed, where created, patched, updated, removed happened/
    )
  })

  it('for a secret in an event', async () => {
    assert.match(
      await faultsOf('answers and tells no secret'),
      /told about lamps holds the value of a secret field/
    )
  })
})
