/** A caller's access to part of a resource: the records that this user owns. */
export interface AccessFilter {
  readonly own: string
}
