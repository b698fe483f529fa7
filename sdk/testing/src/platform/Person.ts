import type { Resource, Service, ServiceOf } from '@signalbox/plugin'
import type { Socket } from 'socket.io-client'
import type { Events } from '../events/Events.ts'

/** A REST answer, its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

/** Calls `/api` + path; `body` is sent as JSON, or as it is where it is a text. */
export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>
) => Promise<Answer>

/** What somebody may do. */
export interface Rights {
  /** The id of a role. */
  readonly role?: string
  /** Permissions held beside those of the role: `stations:read`, `stations:*`. */
  readonly permissions?: readonly string[]
  /** Permissions taken away; they beat every grant. */
  readonly denied?: readonly string[]
  /** Where these permissions hold: on `any` record, on one’s `own`, or in a node of the scope tree. Default: `any`. */
  readonly scope?: string
}

/** Somebody who is signed in. */
export interface Person {
  readonly id: string
  readonly email: string
  readonly token: string
  readonly refreshToken: string
  /** Calls as this person. */
  readonly api: Api
  /** Connects a socket; it is closed with the platform. */
  socket(): Promise<Socket>
  /** Everything that this person’s sockets have heard. */
  readonly events: Events
  /**
   * A resource or service as this person, over REST; typed by its value. What the platform refuses is thrown as a
   * `PlatformError`. `on` hears through the person’s socket.
   */
  service<R extends Resource | Service>(resource: R): ServiceOf<R>
}
