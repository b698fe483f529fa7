import { inTurn } from '../measure.ts'
import type { Row } from '../Row.ts'
import type { TellerKind } from '../processes/teller.ts'
import { openStage, type Stage, type StageOptions } from './openStage.ts'

/** Opens servers of these kinds, each in a process of its own, and closes them when `work` is done. */
export async function onStages<K extends TellerKind, T>(
  kinds: readonly K[],
  options: StageOptions,
  work: (stages: Readonly<Record<K, Stage>>) => Promise<T>
): Promise<T> {
  const stages: Partial<Record<K, Stage>> = {}
  try {
    for (const kind of kinds) stages[kind] = await openStage(kind, options)
    return await work(stages as Record<K, Stage>)
  } finally {
    for (const stage of Object.values<Stage | undefined>(stages)) await stage?.close()
  }
}

export const kinds = ['platform', 'plain', 'feathers'] as const

export interface Comparison {
  readonly name: string
  /** What is allowed, of plain Socket.IO’s and of stock Feathers’. */
  readonly ofPlain?: number
  readonly ofFeathers?: number
  readonly rounds: number
  /** Has one of them tell its audience; resolves to the microseconds of a message. */
  readonly play: (stage: Stage) => Promise<number>
}

/** What the platform and its peers compute for a message, measured in turn. */
export async function compare(
  stages: Readonly<Record<TellerKind, Stage>>,
  comparison: Comparison
): Promise<Row[]> {
  const { name, ofPlain, ofFeathers, rounds, play } = comparison
  const results = await inTurn(
    {
      platform: () => play(stages.platform),
      plain: () => play(stages.plain),
      feathers: () => play(stages.feathers)
    },
    rounds
  )
  return [
    {
      what: `${name}: CPU of a message, of plain Socket.IO’s`,
      values: results.map(({ platform, plain }) => platform / plain),
      unit: '×',
      ...(ofPlain && { allowed: { atMost: ofPlain } })
    },
    {
      what: `${name}: CPU of a message, of stock Feathers’`,
      values: results.map(({ platform, feathers }) => platform / feathers),
      unit: '×',
      ...(ofFeathers && { allowed: { atMost: ofFeathers } })
    },
    { what: `${name}: CPU of a message`, values: results.map(({ platform }) => platform), unit: 'µs' }
  ]
}
