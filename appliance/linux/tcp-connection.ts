import type { IpAddress } from '../values/ip-address.ts'
import { checked, errorCode } from './kernel-error.ts'
import { native } from './native/binding.ts'
import { destinationAddress, type Origin, openOutgoing, SOCK_STREAM } from './outgoing-socket.ts'

const EINPROGRESS = 115
const mostAtOnce = 256
/** The longest that a timer takes. */
const forEver = 2 ** 31 - 1

/** An errno, or that the signal has aborted. */
export type ConnectRefusal = string & {}

/**
 * The descriptor of a connected socket, which belongs to the caller then; or why not: an errno, or
 * 'ABORTED'. Throws a KernelError where the box cannot even try. Node's own net.connect cannot say
 * by which interface or with which mark, and takes several times as long.
 */
export function connectTcp(
  to: IpAddress,
  port: number,
  origin: Origin,
  signal: AbortSignal,
): Promise<number | ConnectRefusal> {
  if (signal.aborted) return Promise.resolve('ABORTED')
  const fd = openOutgoing([SOCK_STREAM, 0], to, origin)
  const result = native().connectSocket(fd, destinationAddress(to, port, origin))
  if (result === 0) return Promise.resolve(fd)
  if (result !== -EINPROGRESS) {
    native().closeDescriptor(fd)
    return Promise.resolve(errorCode(result))
  }
  connections ??= new Connections()
  return connections.answerOf(fd, signal)
}

let connections: Connections | null = null

/** All that are being connected. Lives as long as the process. */
class Connections {
  readonly #poll: number
  readonly #answers = new Map<number, (result: number) => void>()
  readonly #pairs = new Int32Array(2 * mostAtOnce)
  readonly #bytes = new Uint8Array(this.#pairs.buffer)
  /** Keeps the process alive while something is awaited. */
  readonly #awake = setInterval(() => {}, forEver)

  constructor() {
    this.#awake.unref()
    this.#poll = checked(native().openPoll(), { op: 'epoll_create1', target: 'connections' })
    const watching = native().watch(this.#poll, () => this.#take(), false)
    if (typeof watching === 'number') checked(watching, { op: 'watch', target: 'connections' })
  }

  answerOf(fd: number, signal: AbortSignal): Promise<number | ConnectRefusal> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#forget(fd)
        native().closeDescriptor(fd)
        resolve('ABORTED')
      }
      const waiting = native().awaitConnected(this.#poll, fd)
      if (waiting < 0) {
        native().closeDescriptor(fd)
        reject(new Error(`epoll_ctl on a connection: ${errorCode(waiting)}`))
        return
      }
      signal.addEventListener('abort', onAbort)
      if (this.#answers.size === 0) this.#awake.ref()
      this.#answers.set(fd, result => {
        signal.removeEventListener('abort', onAbort)
        if (result === 0) return resolve(fd)
        native().closeDescriptor(fd)
        resolve(errorCode(result))
      })
    })
  }

  /** The answers only resolve promises: nobody opens or closes anything before all are told. */
  #take(): void {
    const count = native().connected(this.#poll, this.#bytes)
    for (let index = 0; index < count; index++) {
      const fd = this.#pairs[2 * index] ?? -1
      const answer = this.#answers.get(fd)
      this.#forget(fd)
      answer?.(this.#pairs[2 * index + 1] ?? 0)
    }
  }

  #forget(fd: number): void {
    this.#answers.delete(fd)
    if (this.#answers.size === 0) this.#awake.unref()
  }
}
