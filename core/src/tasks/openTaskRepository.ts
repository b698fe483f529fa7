import { PlatformError } from '@signalbox/plugin'
import { errorText } from '../data/dataError.ts'
import { createUnitsOfWork } from '../data/unitOfWork.ts'
import { withinDeadline } from '../data/withinDeadline.ts'
import type { LockGate } from './LockGate.ts'
import { PostgresTaskRepository } from './PostgresTaskRepository.ts'
import type { TaskRepository } from './TaskRepository.ts'
import type { MongoTaskStore, SqlTaskStore, TaskStore } from './TaskStore.ts'

const CONNECT_MS = 10_000

function unavailable(sentence: string, cause?: unknown): PlatformError {
  return new PlatformError('unavailable', sentence, { cause })
}

async function openSql({ kind, pool, knex, units }: SqlTaskStore, gate: LockGate): Promise<TaskRepository> {
  const repository = new PostgresTaskRepository({ pool, units: units ?? createUnitsOfWork(knex), gate })
  try {
    if (!(await withinDeadline(repository.connect(), CONNECT_MS))) throw new Error('no answer')
    // Nobody else uses this database, so whatever is locked was left behind by a process that died.
    if (kind === 'embedded') await repository.release()
    return repository
  } catch (error) {
    await repository.close()
    throw unavailable(
      `The task store cannot be used (${errorText(error)}): see that its database runs and is migrated.`,
      error
    )
  }
}

async function openMongo(
  { url, timeoutMs = CONNECT_MS }: MongoTaskStore,
  gate: LockGate
): Promise<TaskRepository> {
  const { openMongoRepository } = await import('./MongoTaskRepository.ts').catch((error: unknown) => {
    throw unavailable(
      'Tasks in MongoDB need two more packages: npm install @agendajs/mongo-backend mongodb',
      error
    )
  })
  try {
    return await openMongoRepository({ url, timeoutMs, gate })
  } catch (error) {
    // The url is not repeated: it may hold a password.
    throw unavailable(
      `The MongoDB of the tasks cannot be used (${errorText(error)}): see that it runs and lets us in.`,
      error
    )
  }
}

/**
 * Opens the store that tasks are kept in.
 *
 * @throws `unavailable`, within 10 seconds, when it does not answer
 */
export function openTaskRepository(store: TaskStore, gate: LockGate): Promise<TaskRepository> {
  return store.kind === 'mongo' ? openMongo(store, gate) : openSql(store, gate)
}
