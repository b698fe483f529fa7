import { eventSource, type Hear } from '../events/eventSource.ts'
import type { Http } from '../http/Http.ts'
import type { ServiceTable } from '../Part.ts'
import { joinRoom, type RoomOptions } from '../realtime/joinRoom.ts'
import { namedMethod } from './namedMethod.ts'
import { recordMethods } from './recordMethods.ts'

export interface ServiceOptions extends RoomOptions {
  readonly http: Http
}

/** What a client has of one service, made from its table. */
export function createService(table: ServiceTable, options: ServiceOptions): object {
  const { http, realtime, closing } = options
  const { singular, methods, rooms } = table
  // Feathers’ own events are told by the change, so that none is told twice.
  const hear: Hear = (event, listener) =>
    singular && /^(created|updated|patched|removed)$/.test(event)
      ? realtime.hear(
          `${singular}-changed`,
          ({ id, action, record }) => action === event && listener(record ?? { id })
        )
      : realtime.hear(event, listener)
  return {
    ...eventSource(hear, closing),
    ...(singular && recordMethods(table, options)),
    ...mapValues(methods, (route) => namedMethod(route, http)),
    ...mapValues(rooms, (room) => (key: unknown) => joinRoom(room, key, options))
  }
}

function mapValues<T, U>(
  values: Readonly<Record<string, T>> = {},
  change: (value: T) => U
): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}
