import type { IncomingMessage } from 'node:http'
import { PlatformError } from '@signalbox/plugin'

/** Bytes past the limit that are read and thrown away: a client that is cut off while it still writes sees no answer. */
const discarded = 64 * 1024 * 1024

/**
 * Reads a JSON body of at most `limit` bytes. Undefined where there is none; 413 past the limit, 415 for another
 * content type, 400 for what is not JSON.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (!declared && request.headers['transfer-encoding'] === undefined) return undefined
  if (declared > limit + discarded) throw tooLarge(limit)
  const text = await readText(request, limit)
  if (text === '') return undefined
  if (!isJson(request.headers['content-type'])) {
    throw new PlatformError('unsupportedMediaType', 'Send the body as application/json.')
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new PlatformError('invalid', `The body is not JSON: ${(error as Error).message}`)
  }
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop must not destroy the request: its connection still carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit + discarded) throw tooLarge(limit)
    if (size <= limit) chunks.push(chunk)
  }
  if (size > limit) throw tooLarge(limit)
  return Buffer.concat(chunks).toString('utf8')
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '')
}

function tooLarge(limit: number): PlatformError {
  return new PlatformError('tooLarge', `The body is larger than ${limit} bytes.`)
}
