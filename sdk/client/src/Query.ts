/** The operators that a field of a query takes beside a plain value. */
export interface Operators<T> {
  readonly $in?: readonly T[]
  readonly $nin?: readonly T[]
  readonly $ne?: T
  readonly $gt?: T
  readonly $gte?: T
  readonly $lt?: T
  readonly $lte?: T
}

/** What a field is asked for: a value, or operators; a list matches a value that it contains. */
export type Condition<T> = T extends readonly (infer Item)[] ? Item | Operators<Item> : T | Operators<T>

export type Filters<T> = { readonly [K in keyof T]?: Condition<T[K]> }

/** Which records, in which order. */
export type Query<T> = Filters<T> & {
  readonly $or?: readonly Filters<T>[]
  readonly $and?: readonly Filters<T>[]
  readonly $sort?: { readonly [K in keyof T]?: 1 | -1 }
  /** Looks for a text, where the resource can be searched. */
  readonly search?: string
}

/** Asks for a part of a list, in Feathers’ envelope. */
export interface WindowQuery {
  /** At most 1,000. */
  readonly $limit?: number
  readonly $skip?: number
  /** False saves the count of all. */
  readonly $total?: boolean
}

/** Asks for a numbered page. */
export interface PageQuery {
  /** From 1. */
  readonly page: number
  /** At most 100; 20 without it. */
  readonly limit?: number
}

export interface Window<T> {
  readonly total: number | null
  readonly limit: number
  readonly skip: number
  readonly data: T[]
}

export interface Page<T> {
  readonly items: T[]
  readonly page: number
  readonly limit: number
  readonly total: number | null
}
