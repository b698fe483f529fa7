import type { Plugin } from '@signalbox/plugin'
import type { Model } from '../resources/Model.ts'
import { checkRoom } from './checkRoom.ts'
import type { OwnedCommand } from './OwnedCommand.ts'

/** The socket commands of these plugins. Each name has one owner, and each room is what its command says of it. */
export function collectCommands(plugins: readonly Plugin[], models: readonly Model[]): OwnedCommand[] {
  const owned = plugins.flatMap(({ name, commands = [] }) =>
    commands.map((command): OwnedCommand => ({ plugin: name, command }))
  )
  const owners = new Map<string, string>()
  for (const { plugin, command } of owned) {
    const taken = owners.get(command.name)
    if (taken) throw new Error(`${taken} and ${plugin} both declare the socket command ${command.name}.`)
    owners.set(command.name, plugin)
  }
  const opened = new Set<string>()
  for (const { plugin, command } of owned) {
    if (!command.room) continue
    checkRoom({ plugin, command, models, commands: owned })
    const { service, method } = command.room
    const place = `${service.path}.${method}`
    if (opened.has(place)) throw new Error(`Two rooms of ${plugin} are both opened by ${place}.`)
    opened.add(place)
  }
  return owned
}
