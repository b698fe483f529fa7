import type { Knex } from 'knex'
import type { SecretBox } from './SecretBox.ts'

export interface SealedColumn {
  readonly table: string
  readonly column: string
}

/**
 * Opens each stored secret and seals it with the current key, in one transaction: all of them or none. Returns how
 * many there were to do. What a secret is does not change by it, so it makes no change record.
 */
export async function rekey(knex: Knex, box: SecretBox, columns: readonly SealedColumn[]): Promise<number> {
  let count = 0
  await knex.transaction(async (trx) => {
    for (const { table, column } of columns) {
      const rows = (await trx(table).whereNotNull(column).select('id', column).forUpdate()) as Record<
        string,
        string
      >[]
      for (const row of rows) {
        const sealed = row[column] as string
        if (!box.isStale(sealed)) continue
        await trx(table)
          .where({ id: row['id'] })
          .update({ [column]: box.seal(box.open(sealed)) })
        count++
      }
    }
  })
  return count
}
