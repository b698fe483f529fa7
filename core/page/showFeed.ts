import { byId, row } from './elements.ts'
import type { Change, Platform } from './platform.ts'

const shown = 20

/**
 * Shows the last changes that the caller may read, and each new one as it happens. That something happened is heard on
 * the socket; what it was is read from the feed, which knows who did it.
 */
export function showFeed(platform: Platform, events: readonly string[]): void {
  const rows = byId<HTMLTableSectionElement>('change-rows')
  let next: number | undefined
  let reading = false
  let isStale = false

  const read = async (): Promise<void> => {
    if (next === undefined) return
    isStale = true
    if (reading) return
    reading = true
    while (isStale) {
      isStale = false
      try {
        const answer = await platform.changes.find({ since: next, limit: 1000 })
        next = answer.next
        for (const change of answer.changes.slice(-shown)) rows.prepend(rowOf(change))
        while (rows.rows.length > shown) rows.deleteRow(-1)
      } catch {
        // The next event, or the next connection, reads again.
      }
    }
    reading = false
  }
  const restart = (): void => {
    next = undefined
    rows.replaceChildren()
  }

  platform.changes.on('hello', ({ seq }) => {
    next ??= Math.max(0, seq - shown)
    void read()
  })
  for (const event of events) platform.changes.on(event as never, () => void read())
  platform.connection.onReset(({ isStranger }) => isStranger && restart())
  platform.session.onChange((user) => user || restart())
  platform.connection.onChange((state) => (byId('connection').textContent = state))
}

function rowOf({ seq, at, resource, recordId, action, actor }: Change): HTMLTableRowElement {
  const made = row(String(seq), new Date(at).toLocaleTimeString(), resource, action, recordId, actor)
  made.classList.add('new')
  return made
}

/** The events by which the platform tells of changes, as its manifest names them; none where that is not to be had. */
export async function changeEvents(url: string): Promise<string[]> {
  try {
    const response = await fetch(`${url}/.well-known/signalbox.json`)
    const { resources } = (await response.json()) as { resources: readonly { readonly singular: string }[] }
    return resources.map(({ singular }) => `${singular}-changed`)
  } catch {
    return []
  }
}
