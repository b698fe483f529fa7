import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TemporaryDirectory, temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { adoptLeftovers } from './adoptLeftovers.ts'
import { RunFolder } from './RunFolder.ts'
import { jobSpec } from './support.test.ts'

const span = { startedAt: new Date('2026-03-05T23:07:09Z'), endedAt: new Date('2026-03-05T23:07:19Z') }

function box(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(8 + length)
  bytes.writeUInt32BE(8 + length, 0)
  bytes.write(type, 4, 'latin1')
  return bytes
}

const HEADER = Buffer.concat([box('ftyp', 8), box('moov', 100)])
const FRAGMENT = Buffer.concat([box('moof', 50), box('mdat', 200)])

describe('RunFolder', () => {
  let directory: TemporaryDirectory
  beforeEach(async () => {
    directory = await temporaryDirectory()
  })
  afterEach(() => directory.remove())

  async function runFolder(filePattern?: string): Promise<RunFolder> {
    const spec = jobSpec(directory.path, filePattern === undefined ? {} : { filePattern })
    return RunFolder.create(spec, { runId: 'run-1', timeZone: 'UTC' })
  }

  it('moves a closed file to the place that the pattern gives, and makes its folders', async () => {
    const folder = await runFolder('{year}/{month}/{cameraName}_{time}')
    await writeFile(join(folder.path, '000000.mp4'), 'film')
    const file = await folder.finalise('000000.mp4', span)
    assert.equal(file?.path, join(directory.path, '2026/03/Gate_1_23-07-09.mp4'))
    assert.equal(file.bytes, 4)
    assert.deepEqual([file.jobId, file.cameraId, file.runId], ['job-1', 'cam-1', 'run-1'])
  })

  it('never writes over a file of the same name', async () => {
    const folder = await runFolder('fixed')
    const names = ['0.mp4', '1.mp4', '2.mp4']
    for (const name of names) await writeFile(join(folder.path, name), name)
    await Promise.all(names.map((name) => folder.finalise(name, span)))
    const made = (await readdir(directory.path)).filter((name) => name !== '.incoming').sort()
    assert.deepEqual(made, ['fixed-2.mp4', 'fixed-3.mp4', 'fixed.mp4'])
    const contents = await Promise.all(made.map((name) => readFile(join(directory.path, name), 'utf8')))
    assert.deepEqual(contents.sort(), names)
  })

  it('adds no second ending', async () => {
    const folder = await runFolder('clip.mp4')
    await writeFile(join(folder.path, '0.mp4'), 'film')
    assert.equal((await folder.finalise('0.mp4', span))?.path, join(directory.path, 'clip.mp4'))
  })

  it('deletes an empty file', async () => {
    const folder = await runFolder()
    await writeFile(join(folder.path, '0.mp4'), '')
    assert.equal(await folder.finalise('0.mp4', span), undefined)
    assert.deepEqual(await folder.files(), [])
  })

  it('adopts what a dead run left: whole fragments only, nothing of a film that never began', async () => {
    const folder = await runFolder('{jobName}')
    await writeFile(join(folder.path, '0.mp4'), Buffer.concat([HEADER, FRAGMENT, FRAGMENT.subarray(0, 100)]))
    await writeFile(join(folder.path, '1.mp4'), HEADER)
    await writeFile(join(folder.path, '2.mp4'), '')
    const adopted = await adoptLeftovers(directory.path)
    assert.equal(adopted.length, 1)
    assert.equal(adopted[0]?.path, join(directory.path, 'Gate.mp4'))
    assert.equal(adopted[0].bytes, HEADER.length + FRAGMENT.length)
    assert.deepEqual(await readdir(join(directory.path, '.incoming')), [])
    assert.deepEqual(await adoptLeftovers(directory.path), [])
  })

  it('leaves alone a run that still writes, and a folder of somebody else', async () => {
    await runFolder()
    await mkdir(join(directory.path, '.incoming/foreign'))
    await writeFile(join(directory.path, '.incoming/foreign/0.mp4'), 'x')
    await adoptLeftovers(directory.path, { liveRuns: new Set(['run-1']) })
    assert.deepEqual((await readdir(join(directory.path, '.incoming'))).sort(), ['foreign', 'run-1'])
  })

  it('finds nothing where nothing was ever recorded', async () => {
    assert.deepEqual(await adoptLeftovers(join(directory.path, 'never')), [])
  })
})
