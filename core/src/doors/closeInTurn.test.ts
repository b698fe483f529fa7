import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { closeInTurn } from './closeInTurn.ts'

describe('Connections that end at once', () => {
  let ended: number[]

  /** Connections whose peer is gone, and who note here that they heard of it. */
  const gone = (count: number): Duplex[] =>
    Array.from({ length: count }, (_, n) => {
      const socket = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })
      closeInTurn(socket)
      socket.on('end', () => ended.push(n))
      socket.resume().push(null)
      return socket
    })

  beforeEach(() => {
    ended = []
  })

  it('end some at a time, the first first, and all of them', async () => {
    gone(1000)
    let most = 0
    while (ended.length < 1000) {
      const before = ended.length
      await turn()
      most = Math.max(most, ended.length - before)
    }
    assert.ok(most < 300, `${most} in one turn`)
    assert.deepEqual(ended, [...Array(1000).keys()])
  })

  it('end no more where they were destroyed while they waited', async () => {
    const sockets = gone(400)
    while (!ended.length) await turn()
    for (const socket of sockets.slice(390)) socket.destroy()
    while (ended.length < 390) await turn()
    await turn()
    assert.deepEqual(ended, [...Array(390).keys()])
  })

  it('hear everything else at once', () => {
    const [socket] = gone(1)
    let heard = 0
    socket?.on('drain', () => heard++)
    socket?.emit('drain')
    assert.equal(heard, 1)
  })
})
