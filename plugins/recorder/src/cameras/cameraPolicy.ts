import { lookup } from 'node:dns/promises'
import { realpath, stat } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { resolve, sep } from 'node:path'
import { invalidField, PlatformError } from '@signalbox/plugin'
import type { RecorderConfig } from '../config.ts'

/** Where the software of a site must not be sent: link-local addresses and the metadata services of clouds. */
const forbidden = networks([
  '169.254.0.0/16',
  'fe80::/10',
  '100.100.100.200/32',
  'fd00:ec2::254/128',
  '0.0.0.0/32',
  '::/128'
])

const schemes: Readonly<Record<string, RegExp>> = {
  rtsp: /^rtsps?:$/,
  onvif: /^rtsps?:$/,
  rtmp: /^rtmps?:$/,
  http: /^https?:$/
}

/** Checks where a stream comes from: the scheme of its protocol, an allowed network, an allowed folder. */
export class CameraPolicy {
  readonly #allowed: BlockList | undefined
  readonly #fileRoots: readonly string[]

  constructor({ networks: allowed, fileRoots }: Pick<RecorderConfig, 'networks' | 'fileRoots'>) {
    this.#allowed = allowed.length ? networks(allowed) : undefined
    this.#fileRoots = fileRoots
  }

  /** Refuses with a 400 that names `field`. A name that cannot be resolved now is let pass: its camera may be off. */
  async check(protocol: string, url: string, field: string): Promise<void> {
    if (protocol === 'file') return this.#checkFile(url, field)
    const parsed = URL.canParse(url) ? new URL(url) : undefined
    if (!parsed || !schemes[protocol]?.test(parsed.protocol)) {
      throw invalidField(field, `must be ${protocol === 'onvif' ? 'an rtsp' : `an ${protocol}`} URL`)
    }
    const host = parsed.hostname.replace(/^\[|\]$/g, '')
    for (const address of await addressesOf(host)) {
      if (!this.#allows(address))
        throw invalidField(field, `${host} is not in a network that cameras may be in`)
    }
  }

  #allows(address: string): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return this.#allowed ? this.#allowed.check(address, family) : !forbidden.check(address, family)
  }

  async #checkFile(path: string, field: string): Promise<void> {
    const real = await realpath(path).catch(() => undefined)
    const roots = await Promise.all(this.#fileRoots.map((root) => realpath(root).catch(() => resolve(root))))
    const inside = real !== undefined && roots.some((root) => real.startsWith(root + sep))
    if (!inside) throw invalidField(field, 'must be a file below one of the folders in recorder.fileRoots')
    if (!(await stat(real)).isFile()) throw invalidField(field, 'is not a file')
  }
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host)) return [host]
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}

function networks(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address)
    if (!family) throw new PlatformError('invalid', `recorder.networks: ${range} is not a network`)
    list.addSubnet(address, Number(bits ?? (family === 6 ? 128 : 32)), family === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
