/**
 * A heartbeat on a serial line: COBS (consistent overhead byte stuffing), a zero before and after.
 * The zero in front ends whatever came before it: noise, half a frame, the banner of a login. There
 * is no checksum: what arrives broken has a wrong signature.
 */

/** Without a zero among them for so long, nothing of it is a heartbeat. */
const longest = 2048
/** A block of COBS has at most so many bytes and no zero behind it. */
const fullBlock = 255

/** What `frame` makes of so many bytes, at most. */
export const framedSize = (length: number): number => length + Math.floor(length / 254) + 3

export function frame(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(framedSize(bytes.length))
  let [block, at] = [1, 2]
  for (const byte of bytes) {
    if (byte !== 0) framed[at++] = byte
    if (byte !== 0 && at - block < fullBlock) continue
    framed[block] = at - block
    block = at++
  }
  framed[block] = at - block
  return framed.subarray(0, at + 1)
}

/** Finds the frames in what comes in, however it is cut. */
export class FrameReader {
  readonly #bytes = new Uint8Array(longest)
  #length = 0

  /** What stood between two zeros. What is no COBS comes as it is: somebody counts refusals. */
  take(bytes: Uint8Array): readonly Uint8Array[] {
    const found: Uint8Array[] = []
    for (const byte of bytes) {
      if (byte !== 0) {
        if (this.#length < longest) this.#bytes[this.#length] = byte
        this.#length += 1
        continue
      }
      if (this.#length > 0) found.push(this.#ended())
      this.#length = 0
    }
    return found
  }

  #ended(): Uint8Array {
    const all = this.#bytes.slice(0, Math.min(this.#length, longest))
    return unstuffed(all) ?? all
  }
}

function unstuffed(stuffed: Uint8Array): Uint8Array | null {
  const bytes = new Uint8Array(stuffed.length)
  let [at, length] = [0, 0]
  while (at < stuffed.length) {
    const block = stuffed[at] ?? 0
    const end = at + block
    if (end > stuffed.length) return null
    bytes.set(stuffed.subarray(at + 1, end), length)
    // The zero of the last block is the one that ended the frame.
    length += end < stuffed.length && block < fullBlock ? block : block - 1
    at = end
  }
  return bytes.subarray(0, length)
}
