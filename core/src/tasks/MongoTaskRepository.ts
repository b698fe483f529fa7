import { MongoJobRepository } from '@agendajs/mongo-backend'
import type { JobParameters, JobRepositoryOptions } from 'agenda'
import { type Collection, MongoClient, ObjectId } from 'mongodb'
import { type LockGate, neverLapses } from './LockGate.ts'
import { lockLost } from './lockLost.ts'
import type { Deferral, Recurrence, RecurringRow, TaskRepository } from './TaskRepository.ts'

const COLLECTION = 'core_tasks'
const DUPLICATE = 11_000

interface MongoTaskRepositoryOptions {
  readonly client: MongoClient
  readonly gate: LockGate
}

export interface OpenMongoOptions {
  readonly url: string
  readonly timeoutMs: number
  readonly gate: LockGate
}

/** One of several nodes that insert the same row at once wins, and the others have nothing left to do. */
function ignoreDuplicate(error: unknown) {
  if (!(error instanceof Error && 'code' in error && error.code === DUPLICATE)) throw error
}

/** The task store in MongoDB, in the collection `core_tasks` of the database that the url names. */
export class MongoTaskRepository extends MongoJobRepository implements TaskRepository {
  readonly #client: MongoClient
  readonly #gate: LockGate
  readonly #tasks: Collection

  constructor({ client, gate }: MongoTaskRepositoryOptions) {
    super({ mongo: client.db(), db: { collection: COLLECTION }, ensureIndex: false })
    this.#client = client
    this.#gate = gate
    this.#tasks = client.db().collection(COLLECTION)
  }

  override async connect(): Promise<void> {
    await super.connect()
    await this.#tasks.createIndexes([
      { name: 'due', key: { name: 1, nextRunAt: 1 } },
      { name: 'recurring', key: { name: 1 }, unique: true, partialFilterExpression: { type: 'single' } },
      {
        name: 'key',
        key: { name: 1, 'data.key': 1 },
        unique: true,
        partialFilterExpression: { 'data.key': { $exists: true } }
      }
    ])
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  override getNextJobToRun(
    name: string,
    before: Date,
    _: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined
  ): Promise<JobParameters | undefined> {
    return this.#gate.pass(
      name,
      (names, lapsed) => this.due(names, before, lapsed),
      (lapsed) => super.getNextJobToRun(name, before, lapsed, now, options)
    )
  }

  /** Nobody awaits it. Where it fails, the lock lapses. */
  override async unlockJob(job: JobParameters): Promise<void> {
    await super.unlockJob(job).catch(() => undefined)
  }

  /** Agenda calls it when a run starts, at each renewal of its lock, and when it ends. */
  override async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    const held = { _id: new ObjectId(job._id), lastModifiedBy: options?.lastModifiedBy }
    if (job.lockedAt) job.lockedAt = neverLapses
    const kept = job.lockedAt ? await this.#hold(job, held) : await this.#end(job, held)
    if (!kept) throw lockLost(job.name)
  }

  /** Its key is free from here on: what is asked for after the start is not covered by this run. */
  async #hold({ lastRunAt }: JobParameters, held: object): Promise<boolean> {
    const { matchedCount } = await this.#tasks.updateOne(
      { ...held, lockedAt: { $ne: null } },
      { $set: { lockedAt: new Date(), lastRunAt, nextRunAt: null }, $unset: { 'data.key': '' } }
    )
    return matchedCount === 1
  }

  async #end(job: JobParameters, held: object): Promise<boolean> {
    if (!job.nextRunAt) return (await this.#tasks.deleteOne(held)).deletedCount === 1
    // The schedule may have changed during the run, and then it is not this run that knows when the next is.
    const rescheduled = { $and: [{ $eq: ['$type', 'single'] }, { $ne: ['$data', { $literal: job.data }] }] }
    const first = { $dateFromString: { dateString: '$data.first' } }
    const { matchedCount } = await this.#tasks.updateOne(held, [
      {
        $set: {
          lockedAt: null,
          nextRunAt: { $cond: [rescheduled, first, job.nextRunAt] },
          lastFinishedAt: job.lastFinishedAt ?? null,
          failedAt: job.failedAt ?? null,
          failCount: job.failCount ?? null,
          failReason: { $literal: job.failReason ?? null }
        }
      }
    ])
    return matchedCount === 1
  }

  async due(names: readonly string[], before: Date, lapsed: Date): Promise<ReadonlySet<string>> {
    const found = await this.#tasks.distinct('name', {
      name: { $in: [...names] },
      $or: [{ lockedAt: null, nextRunAt: { $lte: before } }, { lockedAt: { $lte: lapsed } }]
    })
    return new Set<string>(found)
  }

  async schedule(name: string, recurrence: Recurrence): Promise<void> {
    const { every, timeZone } = recurrence
    const first = new Date(recurrence.first)
    const row = { data: recurrence, nextRunAt: first, lockedAt: null, priority: 0 }
    await this.#tasks
      .updateOne({ name, type: 'single' }, { $setOnInsert: row }, { upsert: true })
      .catch(ignoreDuplicate)

    const future = { $gt: ['$nextRunAt', new Date()] }
    await this.#tasks.updateOne(
      {
        name,
        type: 'single',
        $or: [{ 'data.every': { $ne: every } }, { 'data.timeZone': { $ne: timeZone } }]
      },
      [{ $set: { data: { $literal: recurrence }, nextRunAt: { $cond: [future, first, '$nextRunAt'] } } }]
    )
  }

  async defer(name: string, deferral: Deferral, at: Date): Promise<void> {
    const row = { name, type: 'normal', data: deferral, nextRunAt: at, lockedAt: null, priority: 0 }
    await this.#tasks.insertOne(row, { ignoreUndefined: true }).catch(ignoreDuplicate)
  }

  async release(node?: string): Promise<void> {
    const held = node === undefined ? {} : { lastModifiedBy: node }
    await this.#tasks.updateMany({ ...held, lockedAt: { $ne: null } }, [
      { $set: { lockedAt: null, nextRunAt: { $ifNull: ['$nextRunAt', new Date()] } } }
    ])
  }

  async recurring(names: readonly string[]): Promise<readonly RecurringRow[]> {
    const fields = { name: 1, data: 1, nextRunAt: 1, lastRunAt: 1, failReason: 1 }
    const filter = { type: 'single', name: { $in: [...names] } }
    return await this.#tasks.find<RecurringRow>(filter, { projection: fields }).sort({ name: 1 }).toArray()
  }
}

/** Connects within `timeoutMs`. */
export async function openMongoRepository({
  url,
  timeoutMs,
  gate
}: OpenMongoOptions): Promise<TaskRepository> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: timeoutMs, connectTimeoutMS: timeoutMs })
  try {
    await client.connect()
    const repository = new MongoTaskRepository({ client, gate })
    await repository.connect()
    return repository
  } catch (error) {
    await client.close()
    throw error
  }
}
