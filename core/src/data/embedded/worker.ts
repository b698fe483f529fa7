// The worker thread of the embedded database: Postgres runs here, so that a long statement does not hold up
// the host, and one that never ends can be got rid of.
import { parentPort, workerData } from 'node:worker_threads'
import { errorCode, errorText } from '../dataError.ts'
import { createCluster } from './createCluster.ts'
import type { WorkerInput, WorkerReply } from './messages.ts'
import { openCluster } from './openCluster.ts'
import { serveCluster } from './serveCluster.ts'

const { directory, create }: WorkerInput = workerData
const reply = (message: WorkerReply) => parentPort?.postMessage(message, [])

try {
  if (create) await createCluster(directory)
  const database = await openCluster(directory)
  if (parentPort) serveCluster(database, parentPort)
  reply({ type: 'ready' })
} catch (error) {
  reply({ type: 'failed', code: errorCode(error), message: errorText(error) })
}
