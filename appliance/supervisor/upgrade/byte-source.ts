import type { Readable } from 'node:stream'

/** Nobody blocks upgrades by sending nothing. */
const idleLimitMs = 30_000

/** The bytes of a request, piece by piece: what is not asked for waits at the sender. */
export class ByteSource {
  readonly #stream: Readable
  readonly #pieces: AsyncIterator<Uint8Array>
  #left: Uint8Array = new Uint8Array(0)

  constructor(stream: Readable) {
    this.#stream = stream
    this.#pieces = stream.iterator({ destroyOnReturn: false })
  }

  /** Null: that was all. Throws when the sender is gone, or sends nothing for too long. */
  async next(): Promise<Uint8Array | null> {
    if (this.#left.length > 0) {
      const left = this.#left
      this.#left = new Uint8Array(0)
      return left
    }
    let why = 'the connection ended'
    const late = setTimeout(() => {
      why = `nothing came for ${idleLimitMs / 1000} s`
      this.#stream.destroy()
    }, idleLimitMs)
    try {
      const { done, value } = await this.#pieces.next()
      return done ? null : value
    } catch {
      throw new Error(why)
    } finally {
      clearTimeout(late)
    }
  }

  /** So many bytes, or fewer where there are no more. */
  async first(length: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    let bytes = 0
    while (bytes < length) {
      const piece = await this.next()
      if (piece === null) break
      pieces.push(piece)
      bytes += piece.length
    }
    const all = Buffer.concat(pieces)
    this.#left = all.subarray(length)
    return all.subarray(0, length)
  }

  /** What still comes is let go by, so that the sender gets to read why. */
  async rest(): Promise<void> {
    await this.#pieces.return?.()
    this.#stream.resume()
  }
}
