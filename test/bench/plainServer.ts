import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'pg'

export interface PlainServer {
  readonly port: number
  /** A token that it takes. */
  readonly token: string
  stop(): Promise<void>
}

const secret = 'a secret of the benchmark'
const select = `
  select id, version, created_at as "createdAt", updated_at as "updatedAt", title, body, tags, rank, pinned
  from bench_notes where id = $1`

/** The least that answers a GET by id to a bearer of a token: `node:http`, `pg`, and an HMAC of `node:crypto`. */
export async function startPlainServer(databaseUrl: string): Promise<PlainServer> {
  const pool = new Pool({ connectionString: databaseUrl, max: 10 })
  // At the end the database is dropped under connections that are still closing.
  pool.on('error', () => undefined)
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isGood(request.headers.authorization?.slice('Bearer '.length) ?? ''))
      return void response.writeHead(401).end()
    const id = request.url?.split('/').at(-1)
    const { rows } = await pool.query({ name: 'get', text: select, values: [id] })
    if (!rows.length) return void response.writeHead(404).end()
    const body = JSON.stringify(rows[0])
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    token: sign({ sub: 'somebody', exp: Date.now() / 1000 + 3600 }),
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await pool.end()
    }
  }
}

function sign(payload: object): string {
  const parts = [{ alg: 'HS256' }, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url')
  )
  return [...parts, digest(parts.join('.')).toString('base64url')].join('.')
}

function isGood(token: string): boolean {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const given = Buffer.from(signature, 'base64url')
  const due = digest(`${head}.${payload}`)
  if (given.length !== due.length || !timingSafeEqual(given, due)) return false
  const { exp }: { exp: number } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return exp > Date.now() / 1000
}

function digest(text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}
