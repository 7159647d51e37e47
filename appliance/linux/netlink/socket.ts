import { errorCode, errorText, KernelError } from '../kernel-error.ts'
import { KernelSocket } from '../kernel-socket.ts'
import { Envelope } from '../native/binding.ts'
import { AF_NETLINK } from '../socket-address.ts'
import { concatenated } from './attributes.ts'
import {
  decodeMessages,
  encodeMessage,
  type Message,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  readAck,
} from './message.ts'

export type Request = {
  /** For errors: RTM_NEWADDR, and on what. */
  readonly op: string
  readonly target: string
  readonly type: number
  readonly flags: number
  readonly body: Uint8Array
  /** What to do when the kernel refuses, by the code of the refusal. */
  readonly advice?: Readonly<Record<string, string>>
}

/** include/uapi/linux/netlink.h */
const protocols = { route: 0, generic: 16 } as const
const SOL_NETLINK = 270
const NETLINK_CAP_ACK = 10
const NETLINK_EXT_ACK = 11
const NETLINK_GET_STRICT_CHK = 12

const SOCK_RAW = 3

/** Its acknowledgements lie in the receive buffer before one of them is read. */
const mostInOneSend = 128
/** The kernel fills 32 KiB at most in one step of a dump. */
const bufferSize = 65_536
const mostDumps = 20

/**
 * Questions to the kernel, answered at once: rtnetlink does its work inside of the send, so
 * nothing here waits for the event loop, and an address is there when `perform` returns.
 */
export class NetlinkSocket {
  readonly #socket: KernelSocket
  readonly #buffer = new Uint8Array(bufferSize)
  readonly #envelope = new Envelope()
  #sequence = 0

  private constructor(socket: KernelSocket) {
    this.#socket = socket
  }

  static open(protocol: keyof typeof protocols): NetlinkSocket {
    const kind = [AF_NETLINK, SOCK_RAW, protocols[protocol]] as const
    const socket = KernelSocket.open(kind, `netlink ${protocol}`, socket => {
      socket.option('NETLINK_EXT_ACK', SOL_NETLINK, NETLINK_EXT_ACK, 1)
      socket.option('NETLINK_CAP_ACK', SOL_NETLINK, NETLINK_CAP_ACK, 1)
      socket.option('NETLINK_GET_STRICT_CHK', SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
      socket.receiveBuffer(1024 * 1024)
    })
    return new NetlinkSocket(socket)
  }

  /** Performs them in order, going on after a refusal: for each one what was refused, or null. */
  perform(requests: readonly Request[]): readonly (KernelError | null)[] {
    const results: (KernelError | null)[] = []
    for (let from = 0; from < requests.length; from += mostInOneSend) {
      results.push(...this.#performTogether(requests.slice(from, from + mostInOneSend)))
    }
    return results
  }

  #performTogether(requests: readonly Request[]): readonly (KernelError | null)[] {
    const first = this.#sequence + 1
    const messages = requests.map(request => this.#encode(request, NLM_F_ACK))
    const refusal = this.#send(messages)
    if (refusal !== null) return requests.map(request => failure(request, refusal, null))
    const answers = new Map<number, KernelError | null>()
    while (answers.size < requests.length) {
      const datagram = this.#receive()
      if (typeof datagram === 'number') {
        if (errorCode(datagram) === 'ENOBUFS') continue
        break
      }
      for (const message of datagram) {
        const request = requests[message.sequence - first]
        if (request === undefined || message.type !== NLMSG_ERROR) continue
        const { result, words } = readAck(message)
        const answer = result === 0 ? null : failure(request, errorCode(result), words, result)
        answers.set(message.sequence, answer)
      }
    }
    return requests.map((request, index) => {
      const answer = answers.get(first + index)
      return answer === undefined ? failure(request, 'ENOBUFS', 'its answer was lost') : answer
    })
  }

  /**
   * All that the kernel has of a kind. What changes meanwhile makes it begin anew, but not for
   * ever: in a storm of changes a list with a gap is better than none, and events tell the rest.
   */
  dump(request: Request): readonly Message[] {
    for (let round = 1; ; round++) {
      const { found, whole } = this.#dumpOnce(request)
      if (whole || round === mostDumps) return found
    }
  }

  #dumpOnce(request: Request): { readonly found: readonly Message[]; readonly whole: boolean } {
    const refusal = this.#send([this.#encode(request, NLM_F_DUMP)])
    if (refusal !== null) throw failure(request, refusal, null)
    const found: Message[] = []
    let whole = true
    for (;;) {
      const datagram = this.#receive()
      if (typeof datagram === 'number') {
        throw failure(request, errorCode(datagram), errorText(datagram))
      }
      for (const message of datagram) {
        if (message.sequence !== this.#sequence) continue
        if ((message.flags & NLM_F_DUMP_INTR) !== 0) whole = false
        if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) {
          const { result, words } = readAck(message)
          if (result < 0) throw failure(request, errorCode(result), words, result)
          return { found, whole }
        }
        // The buffer is filled again by the next part.
        found.push({ ...message, body: message.body.slice() })
      }
    }
  }

  #encode(request: Request, flags: number): Uint8Array {
    this.#sequence += 1
    return encodeMessage(
      { ...request, flags: NLM_F_REQUEST | flags | request.flags },
      this.#sequence,
    )
  }

  /** Null, or the errno. */
  #send(messages: readonly Uint8Array[]): string | null {
    const result = this.#socket.send(concatenated(messages), null, null)
    return result === 'sent' ? null : result
  }

  /** -errno when nothing can be read. */
  #receive(): readonly Message[] | number {
    const length = this.#socket.receive(this.#buffer, this.#envelope)
    return length < 0 ? length : decodeMessages(this.#buffer.subarray(0, length))
  }

  close(): void {
    this.#socket.close()
  }
}

function failure(
  { op, target, advice }: Request,
  code: string,
  words: string | null,
  result?: number,
): KernelError {
  const plain = result === undefined ? code : errorText(result)
  return new KernelError({
    op,
    target,
    code,
    reason: words === null ? plain : `${plain}: ${words}`,
    advice: advice?.[code] ?? 'The kernel refused: look at what is there with "ip".',
  })
}
