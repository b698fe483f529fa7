/** Takes the credentials out of a line of text. */
export type Redactor = (line: string) => string

const MARK = '***'
const USER_INFO = /\/\/[^/\s'"<>]*@/g
const SECRET_PARAMETER =
  /([?&;](?:user|usr|username|login|pwd|pass|passwd|password|token|key|auth|sig|signature)=)[^&;\s'"]+/gi
const AUTHORIZATION = /(\bauthorization:\s*)[^\r\n]+/gi

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Every form in which a secret shows up in what ffmpeg and its libraries write. */
function forms(secret: string): string[] {
  const encoded = encodeURIComponent(secret)
  const strict = encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return [secret, encoded, strict, strict.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]
}

/**
 * Makes a function that removes these credentials from any line: the password raw, percent-encoded and within Basic
 * credentials, whatever stands before an `@` in a URL, and parameters of a URL that are called like a secret.
 */
export function createRedactor({
  username = '',
  password = ''
}: { username?: string | undefined; password?: string | undefined } = {}): Redactor {
  const secrets =
    password === '' ? [] : [...forms(password), Buffer.from(`${username}:${password}`).toString('base64')]
  const alternatives = [...new Set(secrets)].sort((a, b) => b.length - a.length).map(escapeForRegExp)
  const given = alternatives.length > 0 ? new RegExp(alternatives.join('|'), 'g') : undefined
  return (line) => {
    const known = given ? line.replace(given, MARK) : line
    return known
      .replace(USER_INFO, `//${MARK}@`)
      .replace(SECRET_PARAMETER, `$1${MARK}`)
      .replace(AUTHORIZATION, `$1${MARK}`)
  }
}
