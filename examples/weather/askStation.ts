import type { Static } from 'typebox'
import { Check } from 'typebox/value'
import { PlatformError } from '@signalbox/plugin'
import { measurement } from './resources/stations.ts'

export type Measurement = Static<typeof measurement>

export interface AskOptions {
  readonly url: string
  readonly apiKey?: string | undefined
  readonly signal: AbortSignal
}

/** Asks a station. One that does not answer is a 503; one that answers something else is a 422. */
export async function askStation({ url, apiKey, signal }: AskOptions): Promise<Measurement> {
  const answer = await fetch(url, {
    signal,
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  })
    .then(async (response) => (response.ok ? ((await response.json()) as unknown) : undefined))
    .catch((error: unknown) => {
      throw new PlatformError('unavailable', 'The station does not answer.', { cause: error })
    })
  if (Check(measurement, answer)) return answer
  throw new PlatformError('refused', 'The station answers no measurement.')
}
