import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { decodeLabel, labelSize, type SlotLabel } from '../../boot/slot-label.ts'
import type { SlotPartition } from '../../linux/slot-partition.ts'
import { readLabel } from '../../linux/slot-writer.ts'
import type { RunningSlot, SlotName } from '../../status/document.ts'

/** What runs here, in the form in which it was installed: its label first. */
export type RunningSoftware = {
  readonly version: string
  readonly bytes: number
  readonly pieces: () => AsyncGenerator<Uint8Array>
}

export type RunningSite = {
  readonly running: () => RunningSlot | null
  readonly partition: (slot: SlotName) => Promise<SlotPartition>
}

const pieceSize = 256 * 1024

/** A text: why nobody else should have it. */
export async function runningSoftware(site: RunningSite): Promise<RunningSoftware | string> {
  const slot = site.running()
  if (slot === null) return 'it runs without the image'
  if (slot.state === 'trial') return 'its own is on trial, and not confirmed yet'
  const partition = await site.partition(slot.running)
  const block = await readLabel(partition)
  const decoded = block && decodeLabel(block)
  if (block === null || !decoded?.ok) return 'the label of its slot cannot be read'
  const { label } = decoded
  return {
    version: label.version,
    bytes: labelSize + label.size,
    pieces: () => piecesOf(partition, block, label),
  }
}

/** Its end comes only when the whole is what the label says. */
async function* piecesOf(
  { path }: SlotPartition,
  block: Uint8Array,
  { size, sha256, version }: SlotLabel,
): AsyncGenerator<Uint8Array> {
  yield block
  const hash = createHash('sha256')
  const file = await open(path, 'r')
  try {
    for (let at = 0; at < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(pieceSize, size - at))
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      at += bytesRead
      hash.update(piece.subarray(0, bytesRead))
      const isLast = at === size || bytesRead === 0
      if (isLast && hash.digest('hex') !== sha256) {
        throw new Error(`${path} does not give version ${version} back as it was: replace the disk`)
      }
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
