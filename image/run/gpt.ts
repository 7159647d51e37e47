import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Where a partition lies in a raw disk image, in bytes. */
export type Partition = {
  readonly number: number
  readonly name: string
  readonly type: string
  readonly offset: number
  readonly size: number
}

const sector = 512

/**
 * The partitions of a raw disk image by its primary GPT (UEFI 2.10, 5.3): the header is sector 1;
 * at 72 it names the first sector of the entries, at 80 their number, at 84 their size.
 */
export const readPartitions = (image: string): readonly Partition[] => {
  const file = openSync(image, 'r')
  try {
    const header = readAt(file, sector, sector)
    if (header.toString('latin1', 0, 8) !== 'EFI PART') {
      throw new Error(
        `${image} has no GPT: it is not a raw Diarch disk image ` +
          '(a .zst has to be unpacked first: zstd -d FILE)',
      )
    }
    const [count, size] = [header.readUInt32LE(80), header.readUInt32LE(84)]
    if (count > 1024 || size < 128 || size > 4096) {
      throw new Error(`${image} has a damaged GPT: ${count} entries of ${size} bytes`)
    }
    const table = readAt(file, Number(header.readBigUInt64LE(72)) * sector, count * size)
    const entries = Array.from({ length: count }, (_, n) =>
      table.subarray(n * size, n * size + size),
    )
    return entries.map(decodeEntry).filter(partition => partition.type !== unused)
  } finally {
    closeSync(file)
  }
}

export const partitionNamed = (image: string, name: string): Partition => {
  const partitions = readPartitions(image)
  const found = partitions.find(partition => partition.name === name)
  if (found) return found
  const names = partitions.map(partition => partition.name).join(', ')
  throw new Error(`${image} has no partition named ${name}; it has ${names || 'none'}`)
}

/** As image/disk.sh makes them. */
const ours = ['diarch-bios', 'diarch-esp', 'diarch-a', 'diarch-b', 'diarch-state']

/** Refuses a file that a box cannot be started from, before anything is done with it. */
export const needDiarchImage = (image: string): void => {
  const stat = statSync(image, { throwIfNoEntry: false })
  if (!stat) throw new Error(`there is no file ${image}: ./build.sh makes a disk image in dist`)
  if (!stat.isFile()) throw new Error(`${image} is no file: a raw Diarch disk image is wanted`)
  const partitions = readPartitions(image)
  const missing = ours.filter(name => !partitions.some(partition => partition.name === name))
  if (missing.length > 0) {
    const names = partitions.map(partition => partition.name || 'one without a name').join(', ')
    throw new Error(
      `${image} is no Diarch disk image: it has no partition ${missing.join(', ')}; ` +
        `it has ${names || 'none'}`,
    )
  }
  const end = Math.max(...partitions.map(({ offset, size }) => offset + size))
  if (stat.size < end) {
    throw new Error(`${image} is cut short: it has ${stat.size} bytes, its partitions need ${end}`)
  }
}

const unused = '00000000-0000-0000-0000-000000000000'

const decodeEntry = (entry: Buffer, index: number): Partition => {
  const first = Number(entry.readBigUInt64LE(32))
  const last = Number(entry.readBigUInt64LE(40))
  return {
    number: index + 1,
    name: entry.toString('utf16le', 56, 128).replace(/\0.*$/s, ''),
    type: guid(entry),
    offset: first * sector,
    size: (last - first + 1) * sector,
  }
}

// The first three fields of a GUID are little-endian, the rest is bytes in order.
const guid = (bytes: Buffer): string => {
  const hex = (from: number, to: number) => bytes.toString('hex', from, to)
  const number = (at: number, length: number) =>
    bytes
      .readUIntLE(at, length)
      .toString(16)
      .padStart(length * 2, '0')
  return [number(0, 4), number(4, 2), number(6, 2), hex(8, 10), hex(10, 16)].join('-')
}

const readAt = (file: number, position: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, position)
  return bytes
}
