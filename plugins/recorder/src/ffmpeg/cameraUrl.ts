import type { CameraSource } from '../supervisor/types.ts'

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

/**
 * The camera's URL with its credentials in it. Never to be put into an argument, an error or a log.
 * Free of quotes, blanks and control characters, so that it can stand between single quotes.
 */
export function cameraUrl({ url, username, password }: CameraSource): string {
  const clean = url.replace(/[\s'"<>\\\p{Cc}]/gu, (char) => encodeURIComponent(char).replace("'", '%27'))
  if (username === undefined && password === undefined) return clean
  const userInfo = `${encode(username ?? '')}:${encode(password ?? '')}@`
  return clean.replace(/^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?/i, `$1${userInfo.replaceAll('$', '$$$$')}`)
}
