import type { CallOptions } from '../ResourceClient.ts'

/** Who signs in: by e-mail address or by username. */
export interface Credentials {
  readonly email?: string
  readonly username?: string
  readonly password: string
  /** A session of 30 days in the place of one. */
  readonly rememberMe?: boolean
}

/** Who is signed in. */
export interface Session<U = unknown> {
  /** As the platform last said; undefined where nobody is, or where it was not asked yet: `load` asks. */
  readonly user: U | undefined
  /** Asks the platform who is signed in. Undefined where nobody is. */
  load(options?: CallOptions): Promise<U | undefined>
  /** Hears `user` whenever the platform says it, and undefined when the session is over; returns the way to stop. */
  onChange(listener: (user: U | undefined) => void): () => void
}
