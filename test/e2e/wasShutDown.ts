import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the control file of a Postgres cluster says in what state it was left, as a 32-bit number. */
const stateOffset = 16
const shutDown = 1

/** Whether the embedded database of a data directory was shut down in order, as its own control file has it. */
export async function wasShutDown(dataDirectory: string): Promise<boolean> {
  const file = await open(join(dataDirectory, 'database', 'global', 'pg_control'))
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, stateOffset)
    return buffer.readInt32LE() === shutDown
  } finally {
    await file.close()
  }
}
