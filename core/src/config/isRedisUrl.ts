/** Whether a text is the URL of a Redis: with a host, a name and password that can be read, and a number for a path. */
export function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, pathname } = new URL(text)
  try {
    decodeURIComponent(username + password)
  } catch {
    return false
  }
  return ['redis:', 'rediss:'].includes(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname)
}
