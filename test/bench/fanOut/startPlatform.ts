import type { Context } from '@signalbox/plugin'
import { startTestPlatform } from '../../support/startTestPlatform.ts'
import { joinRoom, notes, notesPlugin } from '../notes.ts'
import type { Teller, TellerOptions } from './Teller.ts'

/**
 * The platform. An event is one that a plugin emits into a room, which each socket has joined by the plugin's command.
 * A record that is created is stored, with its change; the feed numbers the change, and its readers are told.
 */
export async function startPlatform({ databaseUrl, flushMs }: TellerOptions): Promise<Teller> {
  let ctx: Context | undefined
  const platform = await startTestPlatform({
    databaseUrl,
    plugins: [notesPlugin((started) => (ctx = started))],
    ...(flushMs !== undefined && { websocket: { flushMs } })
  })
  const { token } = await platform.admin()
  const service = platform.service(notes)

  return {
    url: platform.url,
    token,
    events: ['note:read', 'note-changed', 'notes created'],
    messagesOfRecord: 2,
    join: [joinRoom.name, 'all'],
    tell: (reading) => ctx?.emit(notes, 'note:read', reading, { room: 'all' }),
    create: (note) => service.create(note),
    stop: () => platform.stop()
  }
}
