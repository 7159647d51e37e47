import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { labelPlace, labelSize } from '../boot/slot-label.ts'
import type { SlotPartition } from './slot-partition.ts'

/** So much is in memory and on its way to the disk at once. */
const pieceSize = 256 * 1024
/** The kernel would else gather much more than that, and stand still to write it. */
const syncEvery = 8 * 1024 * 1024
const superblockSize = 4096

/**
 * A slot's partition while a new system is written to it. The superblock goes there last: without
 * it nobody, not even GRUB, takes the partition for a system.
 */
export class SlotWriter {
  /** Bytes of the file system that have come. */
  bytes = 0
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  readonly #piece = Buffer.allocUnsafe(pieceSize)
  #filled = 0
  #unsynced = 0
  #superblock = Buffer.alloc(0)

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** From here on the old content is gone. Exclusive: refused where the partition is mounted. */
  static async open({ path }: SlotPartition): Promise<SlotWriter> {
    const file = await open(path, constants.O_RDWR | constants.O_EXCL)
    const writer = new SlotWriter(file)
    await writer.spoil()
    return writer
  }

  async spoil(): Promise<void> {
    await writeAll(this.#file, Buffer.alloc(superblockSize), 0)
    await this.#file.datasync()
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + pieceSize - this.#filled)
      this.#piece.set(part, this.#filled)
      this.#filled += part.length
      this.bytes += part.length
      at += part.length
      if (this.#filled === pieceSize) await this.#flush()
    }
  }

  /** False: it is not what the label says. Nothing has been made whole then. */
  async finish(label: Uint8Array, sha256: string): Promise<boolean> {
    await this.#flush()
    if (this.#hash.digest('hex') !== sha256) return false
    await writeAll(this.#file, label, this.bytes)
    await this.#file.datasync()
    await writeAll(this.#file, this.#superblock, 0)
    await this.#file.datasync()
    return true
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #flush(): Promise<void> {
    const piece = this.#piece.subarray(0, this.#filled)
    const at = this.bytes - piece.length
    this.#filled = 0
    this.#hash.update(piece)
    if (at === 0) {
      this.#superblock = Buffer.from(piece.subarray(0, superblockSize))
      await writeAll(this.#file, piece.subarray(superblockSize), superblockSize)
    } else await writeAll(this.#file, piece, at)
    this.#unsynced += piece.length
    if (this.#unsynced < syncEvery) return
    await this.#file.datasync()
    this.#unsynced = 0
  }
}

/**
 * The SHA-256 of what the disk has. The kernel forgets what it knows of a block device when the
 * last one closes it, so whoever has written it must have closed it before.
 */
export async function readBack(
  { path }: SlotPartition,
  size: number,
  progress: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(pieceSize)
  const file = await open(path, 'r')
  try {
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(piece, 0, Math.min(pieceSize, size - at), at)
      if (bytesRead === 0) throw new Error(`${path} ends at ${at} of ${size} bytes`)
      hash.update(piece.subarray(0, bytesRead))
      at += bytesRead
      progress(at)
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/** The label of what is in the partition; null where nothing has one. */
export async function readLabel({ path }: SlotPartition): Promise<Uint8Array | null> {
  const file = await open(path, 'r')
  try {
    const superblock = Buffer.alloc(superblockSize)
    await file.read(superblock, 0, superblock.length, 0)
    const place = labelPlace(superblock)
    if (place === null) return null
    const label = Buffer.alloc(labelSize)
    const { bytesRead } = await file.read(label, 0, labelSize, place)
    return label.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** A disk may take less at once than it is given. */
async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}
