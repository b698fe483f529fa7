import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory, type TemporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { generate } from '../generate.ts'
import { manifest, resource } from '../testManifest.test.ts'
import { compareClient } from './compareClient.ts'
import { writeClient } from './writeClient.ts'

const files = generate(manifest())
const nothing = { missing: [], changed: [], leftOver: [] }

describe('the directory of a client', () => {
  let home: TemporaryDirectory
  let directory: string

  beforeEach(async () => {
    home = await temporaryDirectory()
    directory = join(home.path, 'src', 'signalbox')
  })
  afterEach(() => home.remove())

  it('is made where it is not there, and holds the files and nothing else', async () => {
    const { missing } = await writeClient(directory, files)
    assert.deepEqual(missing, ['harbour.ts', 'index.ts', 'feathers.ts'])
    assert.deepEqual((await readdir(directory)).sort(), ['feathers.ts', 'harbour.ts', 'index.ts'])
    for (const { name, text } of files) assert.equal(await readFile(join(directory, name), 'utf8'), text)
  })

  it('is not touched where it is right', async () => {
    await writeClient(directory, files)
    const before = await stat(join(directory, 'index.ts'), { bigint: true })
    assert.deepEqual(await writeClient(directory, files), nothing)
    const after = await stat(join(directory, 'index.ts'), { bigint: true })
    assert.deepEqual([after.mtimeNs, after.ino], [before.mtimeNs, before.ino])
  })

  it('gets what differs, and loses what an earlier run wrote and this one does not', async () => {
    await writeClient(directory, files)
    const index = join(directory, 'index.ts')
    await writeFile(index, (await readFile(index, 'utf8')).replace('abc123', 'abc124'))
    const plugins = [{ name: '@acme/pier', version: '1.0.0', short: 'pier' }]
    const others = generate(manifest({ plugins, resources: [resource('boats', { plugin: '@acme/pier' })] }))
    assert.deepEqual(await compareClient(directory, files), { ...nothing, changed: ['index.ts'] })
    assert.deepEqual(await writeClient(directory, others), {
      missing: ['pier.ts'],
      changed: ['index.ts', 'feathers.ts'],
      leftOver: ['harbour.ts']
    })
    assert.deepEqual((await readdir(directory)).sort(), ['feathers.ts', 'index.ts', 'pier.ts'])
  })

  it('is right, too, with the line ends that Git gives it on Windows', async () => {
    await writeClient(directory, files)
    for (const { name, text } of files) await writeFile(join(directory, name), text.replaceAll('\n', '\r\n'))
    assert.deepEqual(await compareClient(directory, files), nothing)
  })

  it('is left alone where it holds anything that nobody generated', async () => {
    await writeClient(directory, files)
    await writeFile(join(directory, '.gitattributes'), '* linguist-generated')
    assert.deepEqual(await writeClient(directory, files), nothing)
    await writeFile(join(directory, 'mine.ts'), '// Mine.\n')
    await mkdir(join(directory, 'more'))
    const message = `${directory} holds what signalbox generate did not write (mine.ts and 1 more): give it a directory of its own.`
    await assert.rejects(writeClient(directory, []), { message })
    await assert.rejects(compareClient(directory, files), { message })
    assert.equal((await readdir(directory)).length, 6)
  })

  it('is no file', async () => {
    const file = join(home.path, 'file')
    await writeFile(file, '')
    await assert.rejects(writeClient(file, files), { message: `${file} cannot be read: it is no directory.` })
    await assert.rejects(writeClient(join(file, 'below'), files), {
      message: /cannot be read: it is no directory\.$/
    })
  })
})
