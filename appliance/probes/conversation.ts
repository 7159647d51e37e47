import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Finding } from '../health/check.ts'
import type { Target, TlsWish } from '../health/question.ts'
import { connectTcp } from '../linux/tcp-connection.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { findingOf, kernelFailure, ProbeFailure, quoted } from './asking.ts'
import { secure } from './tls.ts'

export type ConversationWish = {
  readonly port: number
  readonly tls: TlsWish | null
  readonly alpn?: readonly string[]
  readonly signal: AbortSignal
}

/** Nothing that a probe reads has longer lines. */
const longestLine = 8 * 1024

/**
 * A TCP or TLS connection that a probe writes to and reads from. Whatever goes wrong, the signal
 * as well, rejects what waits with a ProbeFailure that says how far it came.
 */
export class Conversation {
  /** For people: `10.0.0.1:80`. */
  readonly whom: string
  readonly #signal: AbortSignal
  #stream: Socket
  #held: Buffer = Buffer.alloc(0)
  #came = 0
  #lately: Buffer = Buffer.alloc(0)
  #phase: 'talking' | 'tls' = 'talking'
  #failure: ProbeFailure | null = null
  #ended = false
  #listening = false
  #wake: (() => void) | null = null

  /** Throws ProbeFailure. */
  static async open(target: Target, wish: ConversationWish): Promise<Conversation> {
    const { port, tls, alpn, signal } = wish
    const whom = endpointText(target.address, port)
    const fd = await connectTcp(target.address, port, target, signal)
    if (typeof fd !== 'number') throw connectFailure(fd, whom)
    const conversation = new Conversation(fd, whom, signal)
    if (tls !== null) await conversation.#secure(tls, alpn)
    return conversation
  }

  private constructor(fd: number, whom: string, signal: AbortSignal) {
    this.whom = whom
    this.#signal = signal
    this.#stream = new Socket({ fd, readable: true, writable: true })
    this.#stream.setNoDelay(true)
    this.#stream.on('error', this.#onError)
    signal.addEventListener('abort', this.#onAbort)
    if (signal.aborted) this.#onAbort()
  }

  /** For a protocol that reads by itself (HTTP/2); the words of this class are of no use then. */
  get stream(): Duplex {
    return this.#stream
  }

  write(data: Uint8Array | string): void {
    if (!this.#stream.destroyed) this.#stream.write(data)
  }

  /** Exactly so many; 'closed' when it ends before. */
  async read(bytes: number): Promise<Uint8Array> {
    while (this.#held.length < bytes) await this.#more()
    return this.#take(bytes)
  }

  /** Without its CRLF or LF. */
  async readLine(limit = longestLine): Promise<string> {
    let searched = 0
    for (;;) {
      const end = this.#held.indexOf(0x0a, searched)
      if (end > limit || (end < 0 && this.#held.length > limit)) {
        throw new ProbeFailure(
          'wrong-answer',
          `${this.whom} sent a line of more than ${limit} bytes: ${quoted(this.#held)}`,
        )
      }
      if (end >= 0)
        return this.#take(end + 1)
          .toString()
          .replace(/\r?\n$/, '')
      searched = this.#held.length
      await this.#more()
    }
  }

  /** Null: it has ended. */
  async readSome(): Promise<Uint8Array | null> {
    if (this.#held.length > 0) return this.#take(this.#held.length)
    return this.#next()
  }

  /** STARTTLS. Throws ProbeFailure. */
  async upgrade(tls: TlsWish): Promise<void> {
    // What came in plain text before the handshake would be taken as said under TLS.
    if (this.#held.length > 0 || this.#stream.readableLength > 0) {
      throw new ProbeFailure('wrong-answer', `${this.whom} went on talking before TLS had begun`)
    }
    await this.#secure(tls, undefined)
  }

  /** At once; what was written and is not sent yet is lost. */
  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#stream.destroy()
  }

  async #secure(tls: TlsWish, alpn: readonly string[] | undefined): Promise<void> {
    this.#phase = 'tls'
    this.#unlisten()
    try {
      if (this.#failure !== null) throw this.#failure
      const plain = this.#stream
      const secured = secure(plain, tls, alpn)
      this.#stream = secured.socket
      secured.socket.on('error', this.#onError)
      await secured.ready(this.whom)
      this.#phase = 'talking'
    } catch (error) {
      this.close()
      throw this.#signal.aborted ? (this.#failure ?? error) : error
    }
  }

  async #more(): Promise<void> {
    const chunk = await this.#next()
    if (chunk !== null) {
      this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
      return
    }
    const said = this.#came === 0 ? 'without a word' : `after ${heard(this.#came, this.#lately)}`
    throw new ProbeFailure('closed', `${this.whom} closed the connection ${said}`)
  }

  async #next(): Promise<Buffer | null> {
    this.#listen()
    for (;;) {
      if (this.#failure !== null) throw this.#failure
      const chunk = this.#stream.read() as Buffer | null
      if (chunk !== null) {
        this.#came += chunk.length
        this.#lately = chunk.subarray(0, 400)
        return chunk
      }
      if (this.#ended || this.#stream.destroyed) return null
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  #take(bytes: number): Buffer {
    const taken = this.#held.subarray(0, bytes)
    this.#held = this.#held.subarray(bytes)
    return taken
  }

  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    this.#stream.on('readable', this.#onReadable).on('end', this.#onEnd).on('close', this.#onEnd)
  }

  #unlisten(): void {
    this.#listening = false
    this.#stream.off('readable', this.#onReadable).off('end', this.#onEnd).off('close', this.#onEnd)
  }

  readonly #onReadable = (): void => this.#wakeUp()

  readonly #onEnd = (): void => {
    this.#ended = true
    this.#wakeUp()
  }

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#fail(streamFailure(error, this.whom))
  }

  readonly #onAbort = (): void => {
    const far =
      this.#phase === 'tls'
        ? 'took the connection, but TLS did not come about'
        : this.#came === 0
          ? 'took the connection and said nothing'
          : `took the connection, and no more came after ${heard(this.#came, this.#lately)}`
    this.#fail(new ProbeFailure('timeout', `${this.whom} ${far} in time`))
  }

  #fail(failure: ProbeFailure): void {
    this.#failure ??= failure
    this.#stream.destroy()
    this.#wakeUp()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}

const heard = (bytes: number, last: Uint8Array): string =>
  `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}: ${quoted(last)}`

function streamFailure(error: NodeJS.ErrnoException, whom: string): ProbeFailure {
  const finding = findingOf(error)
  return finding.kind === 'failed' && finding.reason === 'tls'
    ? new ProbeFailure('tls', `${whom}: ${finding.why}`)
    : kernelFailure(error.code ?? error.message, whom)
}

/** `code` is what connectTcp said. */
export const connectFailure = (code: string, whom: string): ProbeFailure =>
  code === 'ABORTED'
    ? new ProbeFailure('timeout', `${whom} did not take the connection in time`)
    : kernelFailure(code, whom)

/** Opens, talks and closes whatever happens: what most probes are. Never rejects. */
export async function converse(
  target: Target,
  wish: ConversationWish,
  talk: (conversation: Conversation) => Promise<Finding>,
): Promise<Finding> {
  let conversation: Conversation | null = null
  try {
    conversation = await Conversation.open(target, wish)
    return await talk(conversation)
  } catch (error) {
    return findingOf(error)
  } finally {
    conversation?.close()
  }
}
