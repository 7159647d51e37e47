import type { Finding } from '../health/check.ts'
import type { Target } from '../health/question.ts'
import { ConnectedSocket } from '../linux/connected-socket.ts'
import { SOCK_DGRAM } from '../linux/outgoing-socket.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { findingOf, kernelFailure, ProbeFailure } from './asking.ts'

/** The largest that UDP carries. */
const largest = 65_535

/** Datagrams to and from one peer; ICMP errors and the signal end it with a ProbeFailure. */
export class Datagrams {
  /** For people. */
  readonly whom: string
  readonly #socket: ConnectedSocket
  readonly #signal: AbortSignal
  readonly #buffer = new Uint8Array(largest)
  readonly #waiting: Uint8Array[] = []
  #failure: ProbeFailure | null = null
  #wake: (() => void) | null = null

  constructor(socket: ConnectedSocket, whom: string, signal: AbortSignal) {
    this.whom = whom
    this.#socket = socket
    this.#signal = signal
    socket.onReadable(() => this.#read())
    signal.addEventListener('abort', this.#onAbort)
    if (signal.aborted) this.#onAbort()
  }

  send(data: Uint8Array): void {
    if (this.#failure !== null) return
    const outcome = this.#socket.send(data)
    if (outcome !== 'sent') this.#fail(kernelFailure(outcome, this.whom))
  }

  /** The next one. Throws ProbeFailure. */
  async next(): Promise<Uint8Array> {
    for (;;) {
      const first = this.#waiting.shift()
      if (first !== undefined) return first
      if (this.#failure !== null) throw this.#failure
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#socket.close()
  }

  /** One in each turn: a flood has to wait. */
  #read(): void {
    const count = this.#socket.receive(this.#buffer)
    if (count === 'EAGAIN') return
    if (typeof count === 'string') {
      this.#fail(kernelFailure(count, this.whom))
      return
    }
    if (this.#waiting.length < 16) this.#waiting.push(this.#buffer.slice(0, count))
    this.#wakeUp()
  }

  readonly #onAbort = (): void =>
    this.#fail(new ProbeFailure('timeout', `no answer from ${this.whom} in time`))

  #fail(failure: ProbeFailure): void {
    this.#failure ??= failure
    this.#wakeUp()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}

/** Opens a UDP socket, talks and closes whatever happens. Never rejects. */
export const exchange = (
  target: Target,
  port: number,
  signal: AbortSignal,
  talk: (datagrams: Datagrams) => Promise<Finding>,
): Promise<Finding> =>
  exchangeOn(
    () => ConnectedSocket.open([SOCK_DGRAM, 0], target.address, port, target),
    endpointText(target.address, port),
    signal,
    talk,
  )

export async function exchangeOn(
  open: () => ConnectedSocket,
  whom: string,
  signal: AbortSignal,
  talk: (datagrams: Datagrams) => Promise<Finding>,
): Promise<Finding> {
  let datagrams: Datagrams | null = null
  try {
    datagrams = new Datagrams(open(), whom, signal)
    return await talk(datagrams)
  } catch (error) {
    return findingOf(error)
  } finally {
    datagrams?.close()
  }
}
