import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { until } from '../../../test/support/until.ts'
import { closeInTurn } from './closeInTurn.ts'

describe('Connections that end at once', () => {
  const open = (count: number): PassThrough[] =>
    Array.from({ length: count }, () => {
      const socket = new PassThrough()
      closeInTurn(socket)
      return socket
    })
  const closed = (sockets: readonly PassThrough[]): number =>
    sockets.filter(({ writableEnded }) => writableEnded).length

  it('are closed some at a time, the first first, and all in the end', async () => {
    const sockets = open(1000)
    for (const socket of sockets) socket.end()
    assert.equal(closed(sockets), 0)
    await turn()
    const some = closed(sockets)
    assert.ok(some > 0 && some < 500, `${some}`)
    assert.equal(closed(sockets.slice(0, some)), some)
    await until('all of them', () => closed(sockets) === sockets.length)
  })

  it('are closed without waiting where there is something left to say', () => {
    const [socket] = open(1)
    socket?.end('HTTP/1.1 404 Not Found\r\n\r\n')
    assert.equal(socket?.writableEnded, true)
    assert.match(String(socket?.read()), /404/)
  })
})
