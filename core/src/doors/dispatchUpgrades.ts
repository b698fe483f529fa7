import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { PlatformError } from '@signalbox/plugin'
import { closeInTurn } from './closeInTurn.ts'
import type { DoorTable } from './DoorTable.ts'
import { refuseUpgrade } from './refuseUpgrade.ts'

export interface DispatchOptions {
  readonly doors: DoorTable
  readonly basePath: string
  /** Answers its own upgrades: those whose URL starts with this. */
  readonly socketIoPath: string
}

/** Sends each upgrade to its door: Socket.IO's path to Socket.IO, a plugin's to the plugin, and no other anywhere. */
export function dispatchUpgrades(server: Server, { doors, basePath, socketIoPath }: DispatchOptions): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    closeInTurn(socket)
    if (request.url?.startsWith(socketIoPath)) return
    // The peer may be gone before it is answered.
    socket.on('error', () => socket.destroy())
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return refuseUpgrade(socket, new PlatformError('invalid', 'WebSocket is the only upgrade here.'))
    }
    const path = pathOf(request.url)
    const door = path?.startsWith(`${basePath}/`) ? doors.find(path.slice(basePath.length)) : undefined
    if (!door) return refuseUpgrade(socket, new PlatformError('notFound', 'No door opens at this path.'))
    door.admit(request, socket, head)
  })
}

function pathOf(url: string | undefined): string | undefined {
  const base = 'http://door'
  return url !== undefined && URL.canParse(url, base)
    ? new URL(url, base).pathname.replace(/(?<=.)\/$/, '')
    : undefined
}
