import { hash, verify } from '@node-rs/argon2'

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** So many at once: more would only fill the memory, and starve the thread pool that files and DNS share. */
const concurrency = 2

let busy = 0
const waiting: (() => void)[] = []

/** An argon2id hash in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, parameters))
}

/** Takes as long for an account that does not exist, or that has no password, as for a wrong password. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const known = stored ?? (await dummy())
  const matches = await inTurn(() => verify(known, password).catch(() => false))
  return matches && Boolean(stored)
}

let dummyHash: Promise<string> | undefined

function dummy(): Promise<string> {
  dummyHash ??= hashPassword('nobody has this password')
  return dummyHash
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
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
