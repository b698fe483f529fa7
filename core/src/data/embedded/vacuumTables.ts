import type { Pool } from 'pg'
import { errorCode } from '../dataError.ts'

const UNDEFINED_TABLE = '42P01'
const UNDEFINED_SCHEMA = '3F000'

const tables = `
  select format('%I.%I', nspname, relname) as name
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where relkind in ('r', 'm') and relpersistence <> 't' and nspname <> 'information_schema'
  order by 1`

/** `vacuum (analyze)` for each table, one statement a table. */
export async function vacuumTables(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(tables)
  for (const { name } of rows) {
    try {
      await pool.query(`vacuum (analyze) ${name}`)
    } catch (error) {
      // dropped since the list was read
      if (![UNDEFINED_TABLE, UNDEFINED_SCHEMA].includes(errorCode(error) ?? '')) throw error
    }
  }
}
