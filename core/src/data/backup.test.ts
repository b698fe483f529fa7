import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create } from 'tar'
import { type TemporaryDirectory, temporaryDirectory } from '../../../test/support/temporaryDirectory.ts'
import { backup } from './backup.ts'
import { type EmbeddedDatabase, openEmbedded } from './embedded/openEmbedded.ts'
import { restore } from './restore.ts'

const modeOf = async (path: string) => (await stat(path)).mode & 0o777
const digest = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

describe('backup and restore', function () {
  this.timeout(60_000)
  let temporary: TemporaryDirectory
  let directory: string
  let file: string
  let keyFile: string
  let target: string

  async function opened<T>(path: string, work: (database: EmbeddedDatabase) => Promise<T>): Promise<T> {
    const database = await openEmbedded({ directory: path })
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }

  const notes = (path: string) =>
    opened(path, async ({ pool }) =>
      (await pool.query('select note from notes order by note')).rows.map(({ note }) => note)
    )

  before(async () => {
    temporary = await temporaryDirectory()
    directory = join(temporary.path, 'data', 'database')
    file = join(temporary.path, 'backup.tar.gz')
    keyFile = join(temporary.path, 'data', 'key')
    await mkdir(join(temporary.path, 'data'))
    await writeFile(keyFile, 'secret', { mode: 0o600 })
    await opened(directory, async ({ pool }) => {
      await pool.query(`create table notes as select 'kept' as note`)
    })
    await backup({ directory, file, extra: [keyFile] })
  })
  beforeEach(async function () {
    target = join(
      temporary.path,
      `target-${createHash('sha1')
        .update(this.currentTest?.title ?? '')
        .digest('hex')}`,
      'database'
    )
    await mkdir(join(target, '..'))
  })
  after(() => temporary.remove())

  it('writes a file that only its owner can read, and nothing beside it', async () => {
    assert.equal(await modeOf(file), 0o600)
    assert.deepEqual((await readdir(temporary.path)).filter((name) => !name.startsWith('target-')).sort(), [
      'backup.tar.gz',
      'data'
    ])
  })

  it('brings back the rows and the extra files, with their modes', async () => {
    const { manifest, extra } = await restore({ file, directory: target })
    assert.equal(manifest.format, 1)
    assert.equal(manifest.postgresMajor, '18')
    assert.ok(Math.abs(Date.now() - Date.parse(manifest.createdAt)) < 60_000)
    assert.deepEqual(extra, [join(target, '..', 'key')])
    assert.equal(await readFile(extra[0] ?? '', 'utf8'), 'secret')
    assert.equal(await modeOf(extra[0] ?? ''), 0o600)
    assert.deepEqual(await notes(target), ['kept'])
    assert.deepEqual((await readdir(join(target, '..'))).sort(), ['database', 'key'])
  })

  it('refuses to back up or restore over a database that is open', async () => {
    await opened(directory, async () => {
      await assert.rejects(backup({ directory, file }), { code: 'DATA_DIRECTORY_LOCKED' })
      await assert.rejects(restore({ file, directory, force: true }), { code: 'DATA_DIRECTORY_LOCKED' })
    })
    assert.deepEqual(await notes(directory), ['kept'])
  })

  it('dumps an open database between its statements, leaving an open transaction out', async () => {
    const dumped = join(temporary.path, 'dump.tar.gz')
    await restore({ file, directory: target })
    await opened(target, async (database) => {
      await database.pool.query(`insert into notes values ('before the dump')`)
      const client = await database.pool.connect()
      await client.query('begin')
      await client.query(`insert into notes values ('open during the dump')`)
      const after = client.query('commit')
      const [dump] = await Promise.allSettled([database.dump({ file: dumped }), after])
      assert.equal(dump.status, 'fulfilled')
      await client.query('begin')
      await client.query(`insert into notes values ('never committed')`)
      await database.dump({ file: dumped })
      await client.query('rollback')
      client.release()
    })
    assert.equal(await modeOf(dumped), 0o600)
    await restore({ file: dumped, directory: target, force: true })
    assert.deepEqual(await notes(target), ['before the dump', 'kept', 'open during the dump'])
  })

  it('reports a dump that cannot be written, and goes on', async () => {
    await opened(directory, async (database) => {
      await assert.rejects(database.dump({ file: join(temporary.path, 'missing', 'dump.tar.gz') }), /ENOENT/)
      await database.pool.query('select 1')
    })
  })

  it('refuses a target that is not empty, unless it is forced', async () => {
    await mkdir(target)
    await restore({ file, directory: target })
    await opened(target, ({ pool }) => pool.query(`update notes set note = 'newer'`))
    await assert.rejects(restore({ file, directory: target }), { code: 'RESTORE_TARGET_NOT_EMPTY' })
    assert.deepEqual(await notes(target), ['newer'])
    await restore({ file, directory: target, force: true })
    assert.deepEqual(await notes(target), ['kept'])
  })

  it('does not replace an extra file unless it is forced', async () => {
    const other = join(target, '..', 'key')
    await writeFile(other, 'another')
    await assert.rejects(restore({ file, directory: target }), { code: 'RESTORE_TARGET_NOT_EMPTY' })
    assert.deepEqual(await readdir(join(target, '..')), ['key'])
    assert.equal(await readFile(other, 'utf8'), 'another')
  })

  it('refuses what is not a backup, or only a part of one, and leaves the target alone', async () => {
    const text = join(temporary.path, 'text')
    const foreign = join(temporary.path, 'foreign.tar.gz')
    const cut = join(temporary.path, 'cut.tar.gz')
    await writeFile(text, 'not an archive\n'.repeat(100))
    await create({ gzip: true, file: foreign, cwd: join(temporary.path, 'data') }, ['key'])
    await writeFile(cut, await readFile(file))
    await truncate(cut, 2_000_000)
    for (const invalid of [text, foreign, cut]) {
      await assert.rejects(restore({ file: invalid, directory: target }), { code: 'BACKUP_INVALID' }, invalid)
    }
    assert.deepEqual(await readdir(join(target, '..')), [])
    await assert.rejects(restore({ file: join(temporary.path, 'none'), directory: target }), {
      code: 'ENOENT'
    })
  })

  it('refuses a directory without a database', async () => {
    await assert.rejects(backup({ directory: target, file: `${file}.none` }), {
      code: 'DATA_DIRECTORY_FOREIGN'
    })
  })

  it('keeps an earlier backup when a later one cannot be made', async () => {
    const before = await digest(file)
    const missing = join(temporary.path, 'no such key')
    await assert.rejects(backup({ directory, file, extra: [missing] }), { code: 'ENOENT' })
    assert.equal(await digest(file), before)
  })
})
