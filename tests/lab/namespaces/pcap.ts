/** A frame as it was captured. */
export type Captured = {
  /** Milliseconds since 1970, with fractions; comparable with Date.now(). */
  readonly time: number
  readonly bytes: Buffer
}

const headerLength = 24
const recordLength = 16
const nanosecondMagic = 0xa1b23c4d

/**
 * Takes the bytes of a capture file with nanosecond times as they come and returns the frames that
 * are complete. The file is in the byte order of this machine.
 */
export class PcapReader {
  #rest: Buffer = Buffer.alloc(0)
  #started = false

  take(bytes: Buffer): Captured[] {
    let rest = Buffer.concat([this.#rest, bytes])
    if (!this.#started && rest.length >= headerLength) {
      const magic = rest.readUInt32LE(0)
      if (magic !== nanosecondMagic) throw new Error(`not a capture: ${magic.toString(16)}`)
      this.#started = true
      rest = rest.subarray(headerLength)
    }
    const frames: Captured[] = []
    while (this.#started && rest.length >= recordLength) {
      const end = recordLength + rest.readUInt32LE(8)
      if (rest.length < end) break
      const time = rest.readUInt32LE(0) * 1e3 + rest.readUInt32LE(4) / 1e6
      frames.push({ time, bytes: rest.subarray(recordLength, end) })
      rest = rest.subarray(end)
    }
    this.#rest = rest
    return frames
  }
}
