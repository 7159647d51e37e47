/**
 * Finds attributes without making anything: a table of IPVS has a quarter of a million of them.
 * The result says where the value of each type begins, 0 where it is missing, and is overwritten
 * by the next call.
 */
export type AttributeFinder = (view: DataView, from: number, to: number) => Uint32Array

const headerSize = 4
const NLA_TYPE_MASK = 0x3fff

/** Types above `highest` are passed over. */
export function attributeFinder(highest: number): AttributeFinder {
  const offsets = new Uint32Array(highest + 1)
  return (view, from, to) => {
    offsets.fill(0)
    for (let at = from; at + headerSize <= to; ) {
      const length = view.getUint16(at, true)
      if (length < headerSize || at + length > to) {
        throw new RangeError(`a netlink attribute says ${length} bytes where ${to - at} are left`)
      }
      const type = view.getUint16(at + 2, true) & NLA_TYPE_MASK
      if (type <= highest) offsets[type] = at + headerSize
      at += (length + 3) & ~3
    }
    return offsets
  }
}

/** Where the value that begins here ends. */
export const endOfValue = (view: DataView, offset: number): number =>
  offset - headerSize + view.getUint16(offset - headerSize, true)
