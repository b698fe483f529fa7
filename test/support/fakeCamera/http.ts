import type { Connection, Reply } from './connection.ts'
import type { Device } from './device.ts'
import type { Request } from './requestParser.ts'

export interface HttpOptions {
  request: Request
  path: string
  connection: Connection
  device: Device
}

/** Answers a GET of any path that ends in `.ts` with a stream of MPEG-TS that goes on until somebody hangs up. */
export function answerHttp({ request, path, connection, device }: HttpOptions): Reply {
  const stream = path.endsWith('.ts')
  const status = request.method !== 'GET' ? 405 : stream ? 200 : 404
  if (status !== 200) return { status }
  return {
    status,
    headers: { 'Content-Type': 'video/mp2t', Connection: 'close' },
    after: () =>
      connection.play({
        path,
        transport: 'http',
        stream: device.tsStream(path),
        viewer: (packets) => connection.send(packets)
      })
  }
}
