import { readFile } from 'node:fs/promises'
import { publicSurface, surfaces } from '../support/publicSurface.ts'

const renew = 'node --import tsx --conditions=source docs/scripts/surface.ts'

describe('The public surface', function () {
  this.timeout(120_000)

  for (const { name, file } of surfaces) {
    it(`of @signalbox/${name} is the one that was reviewed`, async () => {
      const [reviewed, present] = [await readFile(file, 'utf8'), await publicSurface(name)]
      if (reviewed === present) return
      const lines = [...without(reviewed, present, '-'), ...without(present, reviewed, '+')]
      throw new Error(
        `What @signalbox/${name} exports is not what sdk/${name}/surface.txt says:\n\n` +
          `${lines.join('\n') || 'The same lines in another order.'}\n\n` +
          `Whoever builds upon it is concerned. Where that is meant, renew the file:\n  ${renew}`
      )
    })
  }
})

/** The lines of one text that another has not, or has less often. */
function without(one: string, other: string, mark: string): string[] {
  const counts = new Map<string, number>()
  for (const line of other.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  return one
    .split('\n')
    .filter((line) => {
      const left = counts.get(line) ?? 0
      counts.set(line, left - 1)
      return left <= 0
    })
    .map((line) => `${mark} ${line}`)
}
