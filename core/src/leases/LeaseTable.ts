/** Runs one statement outside of any unit of work. */
export type LeaseQuery = <Row>(text: string, values: readonly unknown[]) => Promise<readonly Row[]>

export interface Term {
  readonly key: string
  readonly fence: number
  readonly lifeMs: number
}

/** The leases as they are stored. Only the database's clock decides; each statement is about many of them. */
export class LeaseTable {
  readonly #query: LeaseQuery
  readonly #holder: string

  constructor(query: LeaseQuery, holder: string) {
    this.#query = query
    this.#holder = holder
  }

  /** Ends what holders whose name begins so have left. */
  async free(prefix: string): Promise<void> {
    await this.#query(
      `update core_leases set expires_at = clock_timestamp()
       where starts_with(holder, $1) and expires_at > clock_timestamp()`,
      [prefix]
    )
  }

  /** Takes those of the wanted that nobody holds; the others are left out of the answer. */
  take(wanted: readonly Pick<Term, 'key' | 'lifeMs'>[]): Promise<readonly Pick<Term, 'key' | 'fence'>[]> {
    return this.#query(
      `insert into core_leases as l (key, holder, fence, expires_at)
       select key, $3, 1, clock_timestamp() + life * interval '1 millisecond'
         from unnest($1::text[], $2::double precision[]) wanted (key, life) order by key
       on conflict (key) do update
         set holder = excluded.holder, fence = l.fence + 1, expires_at = excluded.expires_at
         where l.expires_at <= clock_timestamp() or l.holder = excluded.holder
       returning l.key, l.fence`,
      [wanted.map(({ key }) => key), wanted.map(({ lifeMs }) => lifeMs), this.#holder]
    )
  }

  /** Prolongs those that are still this holder's; the others are left out of the answer. */
  renew(terms: readonly Term[]): Promise<readonly { readonly key: string }[]> {
    return this.#query(
      `update core_leases l set expires_at = clock_timestamp() + held.life * interval '1 millisecond'
       from unnest($1::text[], $2::bigint[], $3::double precision[]) held (key, fence, life)
       where l.key = held.key and l.fence = held.fence and l.holder = $4 returning l.key`,
      [
        terms.map(({ key }) => key),
        terms.map(({ fence }) => fence),
        terms.map(({ lifeMs }) => lifeMs),
        this.#holder
      ]
    )
  }

  /** Lets another node take it at once. */
  async give({ key, fence }: Pick<Term, 'key' | 'fence'>): Promise<void> {
    await this.#query(
      'update core_leases set expires_at = clock_timestamp() where key = $1 and fence = $2 and holder = $3',
      [key, fence, this.#holder]
    )
  }
}
