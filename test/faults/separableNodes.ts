import { join } from 'node:path'
import type { Context } from 'mocha'
import { Client } from 'pg'
import { startForwarder } from '../support/forwarder.ts'
import { openNetworkNamespaceOrSkip, type NetworkNamespace } from '../support/networkNamespace.ts'
import { createDatabaseOrSkip } from '../support/postgres.ts'
import { temporaryDirectory } from '../support/temporaryDirectory.ts'
import { recordedFiles } from './recordedFiles.ts'
import { startNodes, type NodeProcess } from './startNodes.ts'
import { killPlatforms } from './startPlatformProcess.ts'

/** Two nodes, of which one can be cut off from the database by the kernel; it starts first and holds every lease. */
export interface SeparableNodes {
  readonly far: NodeProcess
  readonly near: NodeProcess
  readonly network: Pick<NetworkNamespace, 'pull' | 'plugIn'>
  /** The server gives up the connections of the node that is cut off: what they still carry arrives no more. */
  giveUp(): void
  readonly sql: Client
  /** The data directory of a node. */
  dataOf(node: 'far' | 'near'): string
  /** The finished files of a job on a node. */
  filesOf(node: 'far' | 'near', jobId: string): Promise<string[]>
  /** Which node holds each lease, as which of its owners. */
  owners(): Promise<Record<string, string>>
}

/** Starts two nodes, each with the recorder and the plugin of `stage.ts`. What `undo` is given is to be done afterwards. */
export async function startSeparableNodes(
  test: Context,
  undo: (step: () => Promise<unknown>) => void
): Promise<SeparableNodes> {
  const database = await createDatabaseOrSkip(test)
  undo(database.drop)
  const directory = await temporaryDirectory()
  undo(directory.remove)
  const network = await openNetworkNamespaceOrSkip(test, directory.path)
  undo(network.remove)
  const through = new URL(database.url)
  const server = { host: through.hostname, port: Number(through.port) }
  const forwarder = await startForwarder({ host: network.address }, server)
  undo(forwarder.stop)
  through.hostname = network.address
  through.port = String(forwarder.port)
  const sql = new Client({ connectionString: database.url })
  await sql.connect()
  undo(() => sql.end())
  undo(killPlatforms)
  const options = { directory: directory.path, plugins: [new URL('./stage.ts', import.meta.url)] }
  const [far] = await startNodes(through.href, { ...options, names: ['far'], network })
  const [near] = await startNodes(database.url, { ...options, names: ['near'] })
  const dataOf = (node: string): string => join(directory.path, node, 'data')

  return {
    far: far as NodeProcess,
    near: near as NodeProcess,
    network,
    giveUp: forwarder.hangUp,
    sql,
    dataOf,
    filesOf: (node, jobId) => recordedFiles(join(dataOf(node), 'recordings', jobId)),
    async owners() {
      const { rows } = await sql.query<{ key: string; holder: string; fence: string }>(
        'select key, holder, fence from core_leases'
      )
      const nameOf = (holder: string): string => (holder.startsWith(`${near?.instance}/`) ? 'near' : 'far')
      return Object.fromEntries(rows.map(({ key, holder, fence }) => [key, `${nameOf(holder)} ${fence}`]))
    }
  }
}
