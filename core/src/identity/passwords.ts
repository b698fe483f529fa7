import { hash, verify } from '@node-rs/argon2'
import { tooMany } from '../limits/tooMany.ts'

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** So many at once: more would only fill the memory, and starve the thread pool that files and DNS share. */
const concurrency = 2

/** So many may wait for their turn, some seconds of work; a flood of log-ins fills neither memory nor the queue. */
const queueLimit = 500

/** Of a text that nobody knows, made with the parameters above. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$5jtbvyfoPZ7NkfR/VwlN1w$LEjdVMHbQvSyZBZhmIOYw5Cq1MhRwR4A97MR3NRUl1M'

let begun = 0
let busy = 0
const waiting: (() => void)[] = []

/** An argon2id hash in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, parameters))
}

/** Does the same work for an account that does not exist, or that has no password, as for a wrong password. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const matches = await inTurn(() => verify(stored ?? nobodysHash, password).catch(() => false))
  return matches && Boolean(stored)
}

/** Computations of argon2 that this process has begun: the work that a log-in costs. */
export function passwordWork(): number {
  return begun
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= queueLimit) throw tooMany('log-ins at once', 5000)
  begun++
  if (busy >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
  else busy++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else busy--
  }
}
