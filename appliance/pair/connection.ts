import { createHash } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { FrameReader, type Unknown } from '../pairing/frame-reader.ts'
import { type Frame, frameBytes, longestFrame } from '../pairing/frames.ts'

const beatMs = 1000
/** A link that is dead without saying so is known to be after so long. */
const silentMs = 3000
/** To say who one is, and to prove it. */
const greetingMs = 15_000

export type ConnectionEvents = {
  readonly onFrame: (frame: Frame | Unknown) => void
  readonly onClose: (why: string) => void
}

/** One connection to another box, whoever that is: TLS with a certificate on both sides. */
export class Connection {
  /** Of the other box's certificate: as people read it, and its bytes. */
  readonly fingerprint: string
  readonly digest: Uint8Array
  /** The certificate that this box has shown: it may have another one by now. */
  readonly own: string
  readonly address: string
  readonly #socket: TLSSocket
  readonly #reader = new FrameReader()
  #on: ConnectionEvents
  #why = 'the other box closed the connection'
  #beat: NodeJS.Timeout | null = null
  #heardAt = performance.now()
  #closed = false
  readonly #greeting: NodeJS.Timeout

  /** After the handshake of TLS. Throws when the other side has shown no certificate. */
  constructor(socket: TLSSocket, on: ConnectionEvents) {
    this.#socket = socket
    this.#on = on
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) throw new Error('the other side shows no certificate')
    this.fingerprint = certificate.fingerprint256
    this.digest = createHash('sha256').update(certificate.raw).digest()
    this.own = socket.getX509Certificate()?.fingerprint256 ?? ''
    this.address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    socket.setNoDelay(true)
    socket.on('data', bytes => this.#read(bytes))
    socket.on('error', error => {
      this.#why = error.message
    })
    socket.on('close', () => this.#ended())
    this.#greeting = setTimeout(() => this.close('it has not said who it is'), greetingMs)
  }

  send(frame: Frame): void {
    if (!this.#closed) this.#socket.write(frameBytes(frame))
  }

  /** What it says next goes to somebody else. */
  expect(on: ConnectionEvents): void {
    this.#on = on
  }

  /** We know who it is: from here on it may say much, and has to say something all the time. */
  becomeLink(on: ConnectionEvents): void {
    this.#on = on
    this.#reader.limit = longestFrame
    clearTimeout(this.#greeting)
    this.#heardAt = performance.now()
    this.#beat = setInterval(() => {
      this.send({ frame: 'alive' })
      // After a stall of ours, what it has said meanwhile waits in the socket: that comes first.
      setImmediate(() => {
        const silence = performance.now() - this.#heardAt
        if (silence > silentMs) this.close(`nothing was heard for ${Math.round(silence / 1000)} s`)
      })
    }, beatMs)
  }

  /** Whoever gets its socket says on it what is no frame. */
  detach(): TLSSocket {
    this.#closed = true
    clearTimeout(this.#greeting)
    this.#socket.removeAllListeners('data').resume()
    return this.#socket
  }

  /** What was sent before still goes out. */
  close(why: string): void {
    if (this.#closed) return
    this.#why = why
    this.#socket.end()
    setTimeout(() => this.#socket.destroy(), 1000).unref()
    this.#ended()
  }

  #read(bytes: Uint8Array): void {
    // Nobody listens to it any more.
    if (this.#closed) return
    this.#heardAt = performance.now()
    this.#reader.add(bytes)
    while (!this.#closed) {
      const read = this.#reader.next()
      if (read === null) return
      if (read.kind === 'broken') this.close(`it sent ${read.why}`)
      else if (read.frame.frame !== 'alive' || !this.#isLink) this.#on.onFrame(read.frame)
    }
  }

  get #isLink(): boolean {
    return this.#beat !== null
  }

  #ended(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#greeting)
    if (this.#beat !== null) clearInterval(this.#beat)
    this.#on.onClose(this.#why)
  }
}
