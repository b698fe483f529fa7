import { connect } from 'node:net'
import type { RawRequest } from './requests.ts'

export interface RawAnswer {
  /** 0 where nothing was answered. */
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Writes a request as it is, and reads what comes until the connection ends; rejects after `deadlineMs`. */
export function exchange(
  port: number,
  { method, target, headers, body }: RawRequest,
  { token, deadlineMs }: { readonly token: string | undefined; readonly deadlineMs: number }
): Promise<RawAnswer> {
  const declared = headers.find((line) => /^(content-length|transfer-encoding)/.test(line))
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(headers.some((line) => line.startsWith('host')) ? [] : ['host: x']),
    'connection: close',
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(declared !== undefined || body.length === 0 ? [] : [`content-length: ${body.length}`]),
    ...headers
  ]
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    const finish = (): void => {
      clearTimeout(late)
      socket.destroy()
      resolve(parse(Buffer.concat(chunks).toString('latin1')))
    }
    const late = setTimeout(() => {
      socket.destroy()
      reject(new Error(`not answered within ${deadlineMs} ms`))
    }, deadlineMs)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', finish).on('end', finish).on('close', finish)
    socket.write(
      Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), framed(body, declared)])
    )
  })
}

/** As the headers say: a body that never ends would only be waited for. */
function framed(body: Buffer, declared: string | undefined): Buffer {
  if (declared?.startsWith('content-length'))
    return Buffer.concat([body, Buffer.alloc(7, ' ')]).subarray(0, 7)
  if (declared === undefined) return body
  const chunk = body.length ? `${body.length.toString(16)}\r\n${body.toString('latin1')}\r\n` : ''
  return Buffer.from(`${chunk}0\r\n\r\n`, 'latin1')
}

function parse(received: string): RawAnswer {
  const text = received.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')
  const end = text.indexOf('\r\n\r\n')
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0),
    head: end < 0 ? text : text.slice(0, end),
    body: end < 0 ? '' : text.slice(end + 4)
  }
}
