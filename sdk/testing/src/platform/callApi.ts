import type { Answer } from './Person.ts'

export interface CallOptions {
  readonly url: string
  readonly method: string
  /** Below `/api`. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Makes one REST call and reads its answer. */
export async function callApi({ url, method, path, body, headers = {} }: CallOptions): Promise<Answer> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text && parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
