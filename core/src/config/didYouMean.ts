/** How many letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]

  for (let i = 1; i <= from.length; i++) {
    const above = rows[i - 1]!
    const row = [i]

    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity

      row.push(Math.min(above[j - 1]! + (isSame ? 0 : 1), above[j]! + 1, row[j - 1]! + 1, swapped))
    }

    rows.push(row)
  }

  return rows[from.length]![to.length]!
}

/** The end of a fault: `; did you mean port?` where a name is close to the word, else an empty string. */
export function didYouMean(word: string, names: Iterable<string>): string {
  // `SIGNALBOX_PORT` is one step from `PORT`: the prefix says nothing about which variable was meant.
  const bare = (name: string) => name.replace(/^SIGNALBOX_/, '').toLowerCase()
  const tolerance = Math.max(1, Math.floor(bare(word).length / 3))
  let best: { name: string; distance: number } | undefined

  for (const name of names) {
    const candidate = { name, distance: distance(bare(word), bare(name)) }

    if (candidate.distance <= tolerance && candidate.distance < (best?.distance ?? Infinity)) best = candidate
  }

  return best === undefined ? '' : `; did you mean ${best.name}?`
}
