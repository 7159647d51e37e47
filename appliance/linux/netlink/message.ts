import { concatenated, decodeAttributes, readText, readUint32, viewOf } from './attributes.ts'

/** Messages as in netlink(7): a header of 16 bytes and a body. */
export type Message = {
  readonly type: number
  readonly flags: number
  readonly sequence: number
  /** Whose socket asked for it; 0: nobody did. */
  readonly port: number
  readonly body: Uint8Array
}

/** include/uapi/linux/netlink.h */
export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3

export const NLM_F_REQUEST = 0x1
export const NLM_F_ACK = 0x4
export const NLM_F_DUMP_INTR = 0x10
export const NLM_F_DUMP = 0x300
export const NLM_F_REPLACE = 0x100
export const NLM_F_EXCL = 0x200
export const NLM_F_CREATE = 0x400
/** Of a NLMSG_ERROR. */
const NLM_F_CAPPED = 0x100
const NLM_F_ACK_TLVS = 0x200

const headerSize = 16

export function encodeMessage(
  { type, flags, body }: Pick<Message, 'type' | 'flags' | 'body'>,
  sequence: number,
): Uint8Array {
  const header = new Uint8Array(headerSize)
  const view = new DataView(header.buffer)
  view.setUint32(0, headerSize + body.length, true)
  view.setUint16(4, type, true)
  view.setUint16(6, flags, true)
  view.setUint32(8, sequence, true)
  const padding = new Uint8Array(-body.length & 3)
  return concatenated([header, body, padding])
}

/** What one datagram holds; the bodies are views of it. */
export function decodeMessages(bytes: Uint8Array): readonly Message[] {
  const view = viewOf(bytes)
  const found: Message[] = []
  for (let at = 0; at + headerSize <= bytes.length; ) {
    const length = view.getUint32(at, true)
    if (length < headerSize || at + length > bytes.length) {
      throw new RangeError(
        `a netlink message says ${length} bytes where ${bytes.length - at} are left`,
      )
    }
    found.push({
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
      port: view.getUint32(at + 12, true),
      body: bytes.subarray(at + headerSize, at + length),
    })
    at += (length + 3) & ~3
  }
  return found
}

/** What a NLMSG_ERROR or NLMSG_DONE says. */
export type Ack = {
  /** 0, or -errno. */
  readonly result: number
  /** The kernel's own words, where it has any. */
  readonly words: string | null
}

const NLMSGERR_ATTR_MSG = 1
const NLMSGERR_ATTR_OFFS = 2

/** With NETLINK_EXT_ACK: `struct nlmsgerr`, of the request all or its header, then attributes. */
export function readAck({ type, flags, body }: Message): Ack {
  if (body.length < 4) return { result: 0, words: null }
  const result = viewOf(body).getInt32(0, true)
  if ((flags & NLM_F_ACK_TLVS) === 0) return { result, words: null }
  const request = type === NLMSG_DONE ? 0 : requestSize(body, result, flags)
  const attributes = decodeAttributes(body.subarray(4 + request))
  const words = readText(attributes.get(NLMSGERR_ATTR_MSG))
  const offset = readUint32(attributes.get(NLMSGERR_ATTR_OFFS))
  if (words === null || offset === null) return { result, words }
  return { result, words: `${words} (at byte ${offset} of the request)` }
}

function requestSize(body: Uint8Array, result: number, flags: number): number {
  if (result === 0 || (flags & NLM_F_CAPPED) !== 0) return headerSize
  return (viewOf(body).getUint32(4, true) + 3) & ~3
}
