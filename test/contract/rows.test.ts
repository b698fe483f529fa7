import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { recorder } from '@signalbox/recorder'
import { findFfmpeg } from '../support/fakeCamera/index.ts'
import { notebook } from './notebook.ts'
import { onEachDatabase } from './support.ts'
import { coreWalks, type Walk } from './walkCore.ts'
import { recorderWalks } from './walkRecorder.ts'

interface Row {
  readonly id: string
  readonly kind: 'rest' | 'event' | 'command'
}

const rows: readonly Row[] = JSON.parse(readFileSync(new URL('./rows.json', import.meta.url), 'utf8'))
const walks = new Map<string, Walk>([
  ...Object.entries(coreWalks).map(([name, walk]) => [`core.${name}`, walk] as const),
  ...Object.entries(recorderWalks).map(([name, walk]) => [`recorder.${name}`, walk] as const)
])
const needsFfmpeg = /\/(?:test|start|stop|logs|history)$|DELETE \/api\/jobs|event (?:job:|status:)/

onEachDatabase('Every row of the contract', [recorder, notebook], (place) => {
  let hasFfmpeg: boolean

  before(async () => {
    hasFfmpeg = (await findFfmpeg('PATH', 'npm')) !== undefined
  })

  for (const { id } of rows) {
    it(id, async function () {
      const walk = walks.get(id)
      assert.ok(walk, `nothing walks ${id}`)
      if (!hasFfmpeg && needsFfmpeg.test(id)) {
        console.log(`      not tested: ${id}; no ffmpeg here (apt-get install ffmpeg)`)
        return this.skip()
      }
      await walk(place)
    })
  }

  it('leaves none out', () => {
    assert.ok(rows.length > 60)
    assert.deepEqual([...walks.keys()].toSorted(), rows.map(({ id }) => id).toSorted())
  })
})
