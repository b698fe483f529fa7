import assert from 'node:assert/strict'
import { createDatabaseOrSkip, type TestDatabase } from '../../../test/support/postgres.ts'
import { until } from '../../../test/support/until.ts'
import type { Line } from '../data/Line.ts'
import { openLine } from '../data/openLine.ts'
import { channel, lineBus } from './lineBus.ts'

describe('The bus between nodes', function () {
  this.timeout(20_000)
  let database: TestDatabase
  let lines: Line[]

  before(async function () {
    database = await createDatabaseOrSkip(this)
  })

  beforeEach(async () => {
    lines = await Promise.all([1, 2].map(() => openLine({ url: database.url, channel })))
  })

  afterEach(() => Promise.all(lines.map((line) => line.close())))

  after(() => database?.drop())

  it('tells the others, but not the one that told, and what is told at once only once', async () => {
    const [one, other] = [lineBus(lines[0]!), lineBus(lines[1]!)]
    const heard: string[] = []
    const echo: string[] = []
    one.hear('lease-free', (key) => echo.push(key))
    other.hear('lease-free', (key) => heard.push(key))
    one.tell('lease-free', 'first')
    for (let count = 0; count < 100; count++) one.tell('lease-free', 'again and again')
    await one.flush()
    one.tell('lease-free', 'last of all')
    await until('the last', () => heard.includes('last of all'))
    assert.deepEqual(heard, ['first', 'again and again', 'last of all'])
    assert.deepEqual(echo, [])
  })

  it('says when it is cut off and when it hears again, which it does by itself', async () => {
    const [one, other] = [lineBus(lines[0]!), lineBus(lines[1]!)]
    const turns: boolean[] = []
    other.onTurn((connected) => turns.push(connected))
    const [row] = await lines[1]!.query<{ pid: number }>('select pg_backend_pid() as pid')
    await lines[0]!.query('select pg_terminate_backend($1)', [row?.pid])
    await until('both turns', () => turns.length === 2)
    assert.deepEqual(turns, [false, true])
    let told = false
    other.hear('committed', () => (told = true))
    one.tell('committed')
    await until('a notice on the new line', () => told)
  })

  it('answers each question with its own answer, however many are asked at once', async () => {
    const asked = Array.from({ length: 50 }, (_, n) => n)
    const answers = await Promise.all(
      asked.map((n) => lines[0]!.query<{ n: number }>('select $1::int as n', [n]))
    )
    assert.deepEqual(
      answers.map(([row]) => row?.n),
      asked
    )
  })
})
