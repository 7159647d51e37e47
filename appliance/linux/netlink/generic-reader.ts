import { errorCode, errorText, KernelError } from '../kernel-error.ts'
import { KernelSocket } from '../kernel-socket.ts'
import { Envelope } from '../native/binding.ts'
import { AF_NETLINK } from '../socket-address.ts'
import { viewOf } from './attributes.ts'
import type { Body } from './body.ts'
import {
  decodeMessages,
  encodeMessage,
  type Message,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  readAck,
} from './message.ts'
import type { Request } from './socket.ts'

const NETLINK_GENERIC = 16
const SOL_NETLINK = 270
const NETLINK_CAP_ACK = 10
const NETLINK_EXT_ACK = 11
const SOCK_RAW = 3
/** struct nlmsghdr */
const headerSize = 16

/**
 * Questions of generic netlink. The kernel answers inside of the send, and what it says is shown
 * to the caller where it was received: ten thousand entries are read without a copy or a view of
 * each.
 */
export class GenericReader {
  readonly #socket: KernelSocket
  readonly #buffer = new Uint8Array(65_536)
  readonly #view = viewOf(this.#buffer)
  readonly #envelope = new Envelope()
  #sequence = 0

  private constructor(socket: KernelSocket) {
    this.#socket = socket
  }

  static open(): GenericReader {
    const kind = [AF_NETLINK, SOCK_RAW, NETLINK_GENERIC] as const
    const socket = KernelSocket.open(kind, 'netlink generic', socket => {
      socket.option('NETLINK_EXT_ACK', SOL_NETLINK, NETLINK_EXT_ACK, 1)
      socket.option('NETLINK_CAP_ACK', SOL_NETLINK, NETLINK_CAP_ACK, 1)
      socket.receiveBuffer(1024 * 1024)
    })
    return new GenericReader(socket)
  }

  /** The body of the one answer. */
  ask(request: Request): Uint8Array {
    this.#send(request, 0)
    for (;;) {
      const length = this.#receive(request)
      for (const message of decodeMessages(this.#buffer.subarray(0, length))) {
        if (message.sequence !== this.#sequence) continue
        if (message.type !== NLMSG_ERROR) return message.body.slice()
        throw refusal(request, message)
      }
    }
  }

  /** All of a list; what a body lies in is overwritten when `onBody` has returned. */
  dump(request: Request, onBody: (body: Body) => void): void {
    this.#send(request, NLM_F_DUMP)
    while (this.#dumpDatagram(request, onBody));
  }

  /** Whether there is more of it. */
  #dumpDatagram(request: Request, onBody: (body: Body) => void): boolean {
    const [bytes, view] = [this.#buffer, this.#view]
    const length = this.#receive(request)
    for (let at = 0; at + headerSize <= length; ) {
      const end = at + view.getUint32(at, true)
      if (end < at + headerSize || end > length) throw new RangeError('a netlink message is cut')
      const type = view.getUint16(at + 4, true)
      if (view.getUint32(at + 8, true) === this.#sequence) {
        if (type === NLMSG_DONE || type === NLMSG_ERROR) {
          const [message] = decodeMessages(bytes.subarray(at, end))
          if (message && readAck(message).result < 0) throw refusal(request, message)
          return false
        }
        onBody({ bytes, view, from: at + headerSize, to: end })
      }
      at = (end + 3) & ~3
    }
    return true
  }

  #send(request: Request, flags: number): void {
    this.#sequence += 1
    const message = encodeMessage(
      { ...request, flags: NLM_F_REQUEST | flags | request.flags },
      this.#sequence,
    )
    const outcome = this.#socket.send(message, null, null)
    if (outcome !== 'sent') throw failure(request, outcome, outcome)
  }

  #receive(request: Request): number {
    const length = this.#socket.receive(this.#buffer, this.#envelope)
    if (length < 0) throw failure(request, errorCode(length), errorText(length))
    return length
  }

  close(): void {
    this.#socket.close()
  }
}

function refusal(request: Request, message: Message): KernelError {
  const { result, words } = readAck(message)
  const plain = errorText(result)
  return failure(request, errorCode(result), words === null ? plain : `${plain}: ${words}`)
}

const failure = ({ op, target, advice }: Request, code: string, reason: string): KernelError =>
  new KernelError({
    op,
    target,
    code,
    reason,
    advice: advice?.[code] ?? 'The kernel log may say more.',
  })
