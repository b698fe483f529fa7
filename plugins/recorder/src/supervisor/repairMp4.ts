import { open, type FileHandle } from 'node:fs/promises'

interface Box {
  type: string
  size: number
}

async function readBox(file: FileHandle, at: number): Promise<Box | undefined> {
  const head = Buffer.alloc(16)
  const { bytesRead } = await file.read(head, 0, 16, at)
  if (bytesRead < 8) return undefined
  const short = head.readUInt32BE(0)
  const size = short === 1 && bytesRead === 16 ? Number(head.readBigUInt64BE(8)) : short
  return size < 8 ? undefined : { type: head.toString('latin1', 4, 8), size }
}

/** Where the last whole fragment ends; 0 when the file has none, and so not one picture to show. */
async function endOfFragments(file: FileHandle, length: number): Promise<number> {
  let end = 0
  let seenHeader = false
  for (let at = 0; ;) {
    const box = await readBox(file, at)
    if (!box || at + box.size > length) return end
    at += box.size
    seenHeader ||= box.type === 'moov'
    if (seenHeader && (box.type === 'mdat' || box.type === 'mfra')) end = at
  }
}

/**
 * Cuts off the fragment that a killed ffmpeg had begun (ISO/IEC 14496-12), so that every player takes the file.
 * Returns whether anything to play is left.
 */
export async function repairMp4(path: string): Promise<boolean> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const end = await endOfFragments(file, size)
    if (end > 0 && end < size) await file.truncate(end)
    return end > 0
  } finally {
    await file.close()
  }
}
