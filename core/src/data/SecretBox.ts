import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** Seals secrets for storage and opens them again. */
export interface SecretBox {
  seal(plain: string): string
  /** Throws where the key that sealed it is not among the ones given. */
  open(sealed: string): string
  /** Whether it was sealed with another key than the current one. */
  isStale(sealed: string): boolean
}

interface Key {
  readonly id: string
  readonly bytes: Buffer
}

/**
 * AES-256-GCM under a key derived from the deployment's secret. The text names its key, so that secrets sealed
 * with a previous one can still be opened: `v1.<key id>.<iv>.<tag>.<text>`, each part base64url.
 */
export function createSecretBox(secret: string, previous: readonly string[] = []): SecretBox {
  const current = deriveKey(secret)
  const keys = new Map([...previous.map(deriveKey), current].map((key) => [key.id, key]))
  return {
    seal(plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.bytes, iv)
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return [
        'v1',
        current.id,
        ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))
      ].join('.')
    },
    open(sealed) {
      const [version, id, ...parts] = sealed.split('.')
      const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'))
      const key = keys.get(id ?? '')
      if (version !== 'v1' || !iv || !tag || !text) throw new Error('A stored secret is damaged.')
      if (!key)
        throw new Error('A stored secret was sealed with another key: name it in SIGNALBOX_SECRET_PREVIOUS.')
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, iv)
      decipher.setAuthTag(tag)
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
    },
    isStale: (sealed) => sealed.split('.')[1] !== current.id
  }
}

function deriveKey(secret: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, 'signalbox', 'secrets at rest', 32))
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8), bytes }
}

/** For values that are hashes already. */
export const plainBox: SecretBox = { seal: (text) => text, open: (text) => text, isStale: () => false }
