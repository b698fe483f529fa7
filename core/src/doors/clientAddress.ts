import { isIP } from 'node:net'

/** The parts of a request that say whence it comes. */
export interface Source {
  readonly headers: NodeJS.Dict<string | string[]>
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/**
 * The address that a request comes from. Behind a trusted proxy it is the last one in `X-Forwarded-For`, which that
 * proxy wrote itself: those before it are the client's own words. Without a proxy the header means nothing.
 */
export function clientAddress({ headers, socket }: Source, trustProxy: boolean): string {
  const forwarded = trustProxy ? plainAddress(lastOf(headers['x-forwarded-for'])) : undefined
  return forwarded ?? plainAddress(socket.remoteAddress ?? '') ?? ''
}

function lastOf(header: string | string[] | undefined): string {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  return (text.split(',').at(-1) ?? '').trim()
}

/** Without port, brackets and the IPv6 form of IPv4; undefined for what is no address. */
function plainAddress(text: string): string | undefined {
  const bare = isIP(text) ? text : text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')
  const address = bare.replace(/^::ffff:(?=[\d.]+$)/i, '')
  return isIP(address) ? address : undefined
}
