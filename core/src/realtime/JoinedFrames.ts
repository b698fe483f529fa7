/** The parts of one WebSocket frame: one list for all sockets that are told the same. */
type Frame = readonly Buffer[]

/** A packet of Engine.IO. What is told to a room carries its frame, which Socket.IO has made once. */
export interface Packet {
  readonly data?: { readonly length: number }
  readonly options: { readonly wsPreEncodedFrame?: Frame }
}

interface Sequence {
  readonly next: Map<Frame, Sequence>
  bytes?: Buffer
}

/** Joins frames, so that they are one write. Sockets that are told the same share the bytes. */
export class JoinedFrames {
  readonly #start: Sequence = { next: new Map() }

  /** The frames of these packets, joined; undefined where one of them is for one socket alone, and has none. */
  join(packets: readonly Packet[]): Buffer | undefined {
    let sequence = this.#start
    for (const { options } of packets) {
      const frame = options.wsPreEncodedFrame
      if (!frame) return undefined
      sequence = follow(sequence, frame)
    }
    return (sequence.bytes ??= Buffer.concat(packets.flatMap(frameOf)))
  }
}

function follow({ next }: Sequence, frame: Frame): Sequence {
  const known = next.get(frame)
  if (known) return known
  const added: Sequence = { next: new Map() }
  next.set(frame, added)
  return added
}

function frameOf({ options }: Packet): Frame {
  return options.wsPreEncodedFrame ?? []
}
