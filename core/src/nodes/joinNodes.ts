import type { Logger } from '@signalbox/plugin'
import type { Database } from '../data/Database.ts'
import { Leases } from '../leases/Leases.ts'
import type { LeaseQuery } from '../leases/LeaseTable.ts'
import { channel, lineBus } from './lineBus.ts'
import type { Node } from './Node.ts'
import { soleBus } from './NodeBus.ts'

export interface JoinOptions {
  readonly database: Database
  /** Names this node among those of the deployment, through all its lives. */
  readonly instance: string
  readonly log: Logger
}

/** Makes this process one of the nodes that share its database; on the embedded one it is the only one. */
export async function joinNodes({ database, instance, log }: JoinOptions): Promise<Node> {
  const line = await database.openLine?.(channel)
  const bus = line ? lineBus(line) : soleBus
  const query: LeaseQuery = async (text, values) =>
    line ? line.query(text, values) : (await database.pool.query(text, [...values])).rows
  const leases = new Leases({ query, bus, instance, sole: !line, log })
  const close = async (): Promise<void> => {
    await leases.close()
    await bus.flush()
    await line?.close()
  }
  try {
    await leases.open()
  } catch (error) {
    await close()
    throw error
  }
  return { bus, leases, shared: line !== undefined, close }
}
