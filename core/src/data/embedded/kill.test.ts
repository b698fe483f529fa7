import assert from 'node:assert/strict'
import { watch } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startProgram } from '../../../../test/support/program.ts'
import { type TemporaryDirectory, temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { openEmbedded } from './openEmbedded.ts'

const module = new URL('./openEmbedded.ts', import.meta.url).href

/** Prints each number after the database has acknowledged it. */
const writer = (directory: string) => `
  import { openEmbedded } from ${JSON.stringify(module)}
  const { pool } = await openEmbedded({ directory: ${JSON.stringify(directory)} })
  await pool.query('create table if not exists written (id int primary key, twin int)')
  const { rows } = await pool.query('select coalesce(max(id), 0) as last from written')
  for (let id = rows[0].last + 1; ; id++) {
    await pool.query('begin')
    await pool.query('insert into written (id) values ($1)', [id])
    await pool.query('update written set twin = id where id = $1', [id])
    await pool.query('commit')
    console.log(id)
  }`

/** Resolves when a name that matches appears in a directory, however deep. */
async function appears(directory: string, pattern: RegExp, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(directory, { recursive: true, signal }, (_event, name) => {
      if (name === null || !pattern.test(name)) return
      watcher.close()
      resolve()
    })
    watcher.on('close', () => resolve())
  })
}

describe('a kill of the process with the embedded database', function () {
  this.timeout(120_000)
  let temporary: TemporaryDirectory
  let directory: string

  beforeEach(async () => {
    temporary = await temporaryDirectory()
    directory = join(temporary.path, 'data', 'database')
    await mkdir(join(temporary.path, 'data'))
  })
  afterEach(() => temporary.remove())

  it('loses no acknowledged commit and tears none', async () => {
    let acknowledged = 0
    for (const count of [40, 120]) {
      const program = await startProgram(temporary.path, 'writer', writer(directory))
      await program.line(new RegExp(`^${acknowledged + count}$`))
      program.child.kill('SIGKILL')
      assert.equal(await program.ended, 'SIGKILL')
      acknowledged = Number(program.lines.at(-1))

      const database = await openEmbedded({ directory })
      const { rows } = await database.pool.query(
        'select count(*), count(*) filter (where twin = id) as whole, max(id) as last from written'
      )
      await database.close()
      const [{ count: stored, whole, last }] = rows
      assert.ok(stored >= acknowledged && stored <= acknowledged + 1, `${stored} of ${acknowledged} stored`)
      assert.deepEqual({ whole, last }, { whole: stored, last: stored })
      acknowledged = stored
    }
  })

  for (const [moment, pattern] of [
    ['while the first files are written', /database\.init-\d+/],
    ['when the version file has appeared', /PG_VERSION$/],
    ['when the control file has appeared', /pg_control$/]
  ] as const) {
    it(`leaves a directory that can be opened, in the first start ${moment}`, async () => {
      const ended = new AbortController()
      const started = appears(join(temporary.path, 'data'), pattern, ended.signal)
      const program = await startProgram(temporary.path, 'writer', writer(directory))
      await Promise.race([started, program.ended])
      program.child.kill('SIGKILL')
      assert.equal(await program.ended, 'SIGKILL')
      ended.abort()

      const database = await openEmbedded({ directory })
      await database.pool.query('create table fresh (id int)')
      await database.close()
      assert.deepEqual(await readdir(join(temporary.path, 'data')), ['database'])
    })
  }
})
