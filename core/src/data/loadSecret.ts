import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The deployment's secret and those before it: what tokens are signed and stored secrets are sealed with. */
export interface DeploymentSecret {
  readonly current: string
  readonly previous: readonly string[]
}

export interface LoadSecretOptions {
  readonly secret?: string | undefined
  readonly previousSecrets: readonly string[]
  readonly file: string
}

/**
 * The secret of the configuration, else the first line of the key file, which is made at the first start and
 * readable by its owner alone. Further lines of the file are previous secrets.
 */
export async function loadSecret({
  secret,
  previousSecrets,
  file
}: LoadSecretOptions): Promise<DeploymentSecret> {
  const [kept, ...older] = await readKeys(file)
  if (secret !== undefined) {
    // A deployment that moves its key into the environment can still open what the file's key sealed.
    return {
      current: secret,
      previous: [...previousSecrets, ...(kept === undefined ? [] : [kept, ...older])]
    }
  }
  if (kept !== undefined) return { current: kept, previous: [...older, ...previousSecrets] }
  return { current: await makeKey(file), previous: previousSecrets }
}

export async function readKeys(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').filter(Boolean)
}

async function makeKey(file: string): Promise<string> {
  const key = randomBytes(32).toString('base64url')
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(`${key}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return key
}

/** Puts a new key before those of the key file: written beside and renamed, so that no key is ever lost. */
export async function addKey(file: string): Promise<void> {
  const keys = await readKeys(file)
  if (!keys.length) return void (await makeKey(file))
  const beside = `${file}.new`
  const handle = await open(beside, 'w', 0o600)
  try {
    await handle.writeFile([randomBytes(32).toString('base64url'), ...keys, ''].join('\n'))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, file)
}
