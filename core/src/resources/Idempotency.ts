import { createHash } from 'node:crypto'
import { invalidField, PlatformError } from '@signalbox/plugin'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { CallContext } from './CallContext.ts'

export interface IdempotentCall {
  readonly call: CallContext
  readonly key: string
  readonly actor: string
}

interface Kept {
  readonly request_hash: string
  readonly answer: { readonly result: unknown } | null
}

/** Answers a repeated `Idempotency-Key` with the first call's answer, for a day. */
export class Idempotency {
  readonly #units: UnitsOfWork

  constructor(units: UnitsOfWork) {
    this.#units = units
  }

  /** Runs `work` unless this key's answer is known. Within a unit of work, both are kept or neither is. */
  async once({ call, key, actor }: IdempotentCall, work: () => Promise<unknown>): Promise<void> {
    if (key === '' || key.length > 200)
      throw invalidField('Idempotency-Key', 'must be a text of 1 to 200 characters')
    const id = fingerprint([actor, call.path, call.method, key])
    const request = call.params.fingerprint ?? ''
    if (!(await this.#claim(id, request))) {
      call.result = await this.#answered(id, request)
      return
    }
    try {
      await work()
    } catch (error) {
      await this.#forget(id)
      throw error
    }
    await this.#units
      .db()('core_idempotency')
      .where({ key: id })
      .update({ answer: JSON.stringify({ result: call.result }) })
  }

  async removeExpired(): Promise<void> {
    await this.#units.db()('core_idempotency').whereRaw("created_at < now() - interval '1 day'").delete()
  }

  /** A claim that somebody else is about to commit makes this one wait for them. */
  async #claim(key: string, request: string): Promise<boolean> {
    const rows = (await this.#units
      .db()('core_idempotency')
      .insert({ key, request_hash: request })
      .onConflict('key')
      .ignore()
      .returning('key')) as unknown[]
    return rows.length === 1
  }

  async #answered(key: string, request: string): Promise<unknown> {
    const kept = (await this.#units
      .db()('core_idempotency')
      .where({ key })
      .first('request_hash', 'answer')) as Kept | undefined
    if (kept && kept.request_hash !== request) {
      throw new PlatformError('conflict', 'Idempotency-Key: was used for another request')
    }
    if (!kept?.answer)
      throw new PlatformError('conflict', 'Idempotency-Key: the first request with it is still running')
    return kept.answer.result
  }

  /** Outside of a unit of work nothing rolls the claim back. */
  async #forget(key: string): Promise<void> {
    await this.#units
      .db()('core_idempotency')
      .where({ key })
      .delete()
      .catch(() => {})
  }
}

export function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
