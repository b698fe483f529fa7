import type { Leases } from '../leases/Leases.ts'
import type { NodeBus } from './NodeBus.ts'

/** This process among those that share the database. */
export interface Node {
  readonly bus: NodeBus
  readonly leases: Leases
  /** Whether there may be others: a Postgres server has room for them, the embedded database has none. */
  readonly shared: boolean
  /** Gives its leases up and leaves. */
  close(): Promise<void>
}
