import type { Line } from '../data/Line.ts'
import type { NodeBus, Topic } from './NodeBus.ts'

/** The channel of all that nodes tell each other; a channel belongs to one database. */
export const channel = 'signalbox'

/** Between two messages of one node. A notice takes a lock of the whole cluster at its commit. */
const restMs = 4

/** What a message on the channel says. */
export function noticeOf(topic: Topic, detail = ''): string {
  return `${topic} ${detail}`
}

/** A bus over Postgres' NOTIFY. It is sent after the commit, never within a transaction that others may wait for. */
export function lineBus(line: Line): NodeBus {
  const listeners = new Map<string, Set<(detail: string) => void>>()
  let waiting = new Set<string>()
  let resting = false

  async function send(): Promise<void> {
    const notices = [...waiting]
    waiting = new Set()
    const notify = 'select pg_notify($1, notice) from unnest($2::text[]) notice'
    // The line says itself that it is down.
    if (notices.length) await line.query(notify, [channel, notices]).catch(() => {})
  }

  function sendAndRest(): void {
    resting = waiting.size > 0
    if (!resting) return
    setTimeout(sendAndRest, restMs)
    void send()
  }

  line.onNotice((notice) => {
    const end = notice.indexOf(' ')
    listeners.get(notice.slice(0, end))?.forEach((listener) => listener(notice.slice(end + 1)))
  })

  return {
    tell: (topic, detail) => {
      waiting.add(noticeOf(topic, detail))
      if (!resting) sendAndRest()
    },
    hear: (topic, listener) => {
      const heard = listeners.get(topic) ?? new Set()
      listeners.set(topic, heard.add(listener))
      return () => void heard.delete(listener)
    },
    onTurn: (listener) => line.onTurn(listener),
    flush: send
  }
}
