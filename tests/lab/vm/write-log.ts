/**
 * What a box has written to its disk, and when it had it flushed, as QEMU's blklogwrites notes it
 * (the format of the kernel's dm-log-writes). Any power cut in that time can be made of it
 * afterwards: a disk may have lost whatever it was given since the last flush, in any order, and of
 * a write of several sectors it may have a part.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { type PartitionName, VmDisk } from './disk.ts'

type Entry = {
  readonly kind: 'write' | 'flush' | 'discard'
  /** Of the disk. */
  readonly offset: number
  readonly length: number
  /** Where its bytes are in the log. */
  readonly data: number
}

const sector = 512
const magic = 0x6a736677736872n
const [flushFlag, discardFlag] = [1, 4]

export class WriteLog {
  readonly path: string
  readonly entries: readonly Entry[]

  /** QEMU has to have ended, or to be stopped. */
  constructor(path: string) {
    this.path = path
    this.entries = readEntries(path)
  }

  /** How many entries have ended where the log was of this size. */
  countAt(size: number): number {
    const next = this.entries.findIndex(({ kind, data, length }) => {
      return data + (kind === 'write' ? length : 0) > size
    })
    return next < 0 ? this.entries.length : next
  }
}

type Piece = { readonly offset: number; readonly bytes: Uint8Array }

/** Of what was not flushed when the power was cut: sectors that were written, and that were not. */
export class Cut {
  readonly kept: number
  readonly lost: number
  readonly #flushed: VmDisk
  readonly #pieces: readonly Piece[]

  constructor(flushed: VmDisk, pieces: readonly Piece[], lost: number) {
    this.kept = pieces.length
    this.lost = lost
    this.#flushed = flushed
    this.#pieces = pieces
  }

  disk(path: string): VmDisk {
    execFileSync('cp', ['--sparse=always', '--reflink=auto', this.#flushed.path, path])
    put(path, this.#pieces)
    return new VmDisk(path)
  }

  /** One partition of it, as a file of its own. */
  partition(name: PartitionName, path: string): void {
    const { offset: start, size } = this.#flushed.partition(name)
    this.#flushed.extract(name, path)
    const inside = this.#pieces.filter(({ offset }) => offset >= start && offset < start + size)
    put(
      path,
      inside.map(({ offset, bytes }) => ({ offset: offset - start, bytes })),
    )
  }
}

/** Makes disks as power cuts have left them, the earlier cuts first. */
export class CutDisks {
  readonly #log: WriteLog
  /** Holds everything until a flush, and nothing later. */
  readonly #flushed: VmDisk
  #done = 0

  /** `before` is the disk before the first write; it is written to. */
  constructor(log: WriteLog, before: VmDisk) {
    this.#log = log
    this.#flushed = before
  }

  /**
   * After so many entries; `isLost` is asked for each sector that was not flushed. It lasts until
   * the next cut.
   */
  cut(entries: number, isLost: () => boolean): Cut {
    const given = this.#log.entries.slice(0, entries)
    const flush = given.findLastIndex(({ kind }) => kind === 'flush')
    const flushed = Math.max(this.#done, flush)
    put(this.#flushed.path, this.#pieces(given.slice(this.#done, flushed)))
    this.#done = flushed
    const open = [...this.#pieces(given.slice(flushed))].flatMap(inSectors)
    const kept = open.filter(() => !isLost())
    return new Cut(this.#flushed, kept, open.length - kept.length)
  }

  /** What a discard leaves is anything, so also what was there before. */
  *#pieces(entries: readonly Entry[]): Iterable<Piece> {
    const file = openSync(this.#log.path, 'r')
    try {
      for (const { offset, length, data } of entries.filter(({ kind }) => kind === 'write')) {
        const bytes = Buffer.alloc(length)
        readSync(file, bytes, 0, length, data)
        yield { offset, bytes }
      }
    } finally {
      closeSync(file)
    }
  }
}

/** No disk writes less of one. */
const inSectors = ({ offset, bytes }: Piece): Piece[] =>
  Array.from({ length: bytes.length / sector }, (_, index) => {
    const at = index * sector
    return { offset: offset + at, bytes: bytes.subarray(at, at + sector) }
  })

function put(path: string, pieces: Iterable<Piece>): void {
  const file = openSync(path, 'r+')
  try {
    for (const { offset, bytes } of pieces) writeSync(file, bytes, 0, bytes.length, offset)
  } finally {
    closeSync(file)
  }
}

function readEntries(path: string): Entry[] {
  const entries: Entry[] = []
  const file = openSync(path, 'r')
  const { size } = statSync(path)
  const head = Buffer.alloc(32)
  try {
    readSync(file, head, 0, 32, 0)
    if (head.readBigUInt64LE(0) !== magic) throw new Error(`${path} is no log of writes`)
    if (head.readUInt32LE(24) !== sector)
      throw new Error(`${path} has other sectors than ${sector}`)
    for (let at = sector; at + sector <= size; ) {
      readSync(file, head, 0, 32, at)
      const [first, count, flags] = [0, 8, 16].map(place => Number(head.readBigUInt64LE(place)))
      const kind =
        (flags ?? 0) & discardFlag ? 'discard' : (flags ?? 0) & flushFlag ? 'flush' : 'write'
      const length = (count ?? 0) * sector
      if (kind === 'write' && length === 0) throw new Error(`${path}: no entry at ${at}`)
      entries.push({ kind, offset: (first ?? 0) * sector, length, data: at + sector })
      at += sector + (kind === 'write' ? length : 0)
    }
  } finally {
    closeSync(file)
  }
  return entries
}
