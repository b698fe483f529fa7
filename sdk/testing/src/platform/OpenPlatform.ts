import type { StartedPlatform } from '@signalbox/core'
import type { Socket } from 'socket.io-client'
import type { Api, Person, Rights } from './Person.ts'

/** A running platform, and what tests ask of one. */
export interface OpenPlatform extends StartedPlatform {
  readonly dataDirectory: string
  /** Calls without signing in. */
  readonly api: Api
  /** The administrator, signed in once. */
  admin(): Promise<Person>
  /** Signs in anew, which makes a session: the administrator, or somebody that `client` made. */
  signIn(email?: string): Promise<Person>
  /** A new user, signed in, with a role, with rights of their own, or with none. */
  client(rights?: string | Rights): Promise<Person>
  /** A socket that is not connected yet; it is closed with the platform. */
  unconnected(auth: object): Socket
  /** Resolves when everything committed or emitted so far has been heard by every connected socket of a person. */
  settled(): Promise<void>
  /** Stops it and removes its data directory, unless that is to be kept or was given. */
  stop(options?: { readonly keep?: boolean }): Promise<void>
}
