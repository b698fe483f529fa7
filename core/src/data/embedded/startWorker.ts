import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { WorkerInput, WorkerReply } from './messages.ts'

/** Compiled or not, like this file: TypeScript rewrites the names in imports, but not those in URLs. */
const extension = extname(fileURLToPath(import.meta.url))
const entry = new URL(`./worker${extension}`, import.meta.url).href

/** A thread does not inherit tsx from the process, so that the worker of a source tree has to ask for it. */
const fromSource = `
  import('tsx/esm/api').then(({ register }) => {
    register()
    return import(${JSON.stringify(entry)})
  })`

function createWorker(workerData: WorkerInput): Worker {
  if (extension === '.ts') return new Worker(fromSource, { eval: true, workerData })
  return new Worker(new URL(entry), { workerData })
}

/** Starts a worker thread and resolves when its database serves; rejects with the worker's own error. */
export async function startWorker(input: WorkerInput): Promise<Worker> {
  const worker = createWorker(input)
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the database worker exited with code ${code}`)))
      worker.once('message', (reply: WorkerReply) => {
        if (reply.type !== 'failed') return resolve()
        const { code, message } = reply
        reject(Object.assign(new Error(message), code === undefined ? {} : { code }))
      })
    })
  } catch (error) {
    await worker.terminate()
    throw error
  }
  // by name: removing all would take Node's own listeners too, and with them the messages
  for (const event of ['error', 'exit', 'message']) worker.removeAllListeners(event)
  return worker
}
