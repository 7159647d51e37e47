import { randomBytes } from 'node:crypto'
import type { PingQuestion, Target } from '../health/question.ts'
import { ConnectedSocket } from '../linux/connected-socket.ts'
import { KernelError } from '../linux/kernel-error.ts'
import { SOCK_DGRAM, SOCK_RAW } from '../linux/outgoing-socket.ts'
import { familyOf } from '../values/ip-address.ts'
import { checksumOf, wordSum } from '../vrrp/checksum.ts'
import { type Ask, passed } from './asking.ts'
import { exchangeOn } from './datagrams.ts'
import { stopwatch } from './stopwatch.ts'

/** ICMP is protocol 1, ICMPv6 58. RFC 792, RFC 4443 4.1 and 4.2. */
const kinds = {
  inet: { protocol: 1, request: 8, reply: 0 },
  inet6: { protocol: 58, request: 128, reply: 129 },
} as const

const headerSize = 8

/**
 * An echo request and its reply. The kernel's ping socket where this user may have one
 * (net.ipv4.ping_group_range), else a raw one, connected: it sees only what this peer sends.
 */
export const askPing: Ask<PingQuestion> = ({ size }, target, signal) => {
  const time = stopwatch()
  const family = familyOf(target.address)
  const kind = kinds[family]
  let raw = false
  const open = (): ConnectedSocket => {
    try {
      return openKind(SOCK_DGRAM, kind.protocol, target)
    } catch (error) {
      if (!(error instanceof KernelError) || !['EACCES', 'EPERM'].includes(error.code)) throw error
      raw = true
      return openKind(SOCK_RAW, kind.protocol, target)
    }
  }
  return exchangeOn(open, target.address, signal, async datagrams => {
    const request = echoRequest(kind.request, size)
    // Of ICMPv6 the kernel makes it: it has the addresses in it.
    if (family === 'inet') {
      new DataView(request.buffer).setUint16(2, checksumOf(wordSum(request, request.length)))
    }
    datagrams.send(request)
    for (;;) {
      const packet = await datagrams.next()
      // A raw IPv4 socket hands over the IP header too; its length is in words.
      const skip = raw && family === 'inet' ? ((packet[0] ?? 0) & 0x0f) * 4 : 0
      if (answers(packet.subarray(skip), request, kind.reply, raw)) {
        return passed(`echo of ${size} bytes in ${time()}`)
      }
    }
  })
}

const openKind = (type: number, protocol: number, target: Target): ConnectedSocket =>
  ConnectedSocket.open([type, protocol], target.address, 0, target)

function echoRequest(type: number, size: number): Uint8Array {
  const bytes = new Uint8Array(headerSize + size)
  bytes[0] = type
  bytes.set(randomBytes(4 + size), 4)
  return bytes
}

/** A ping socket has an identifier of its own, set and checked by the kernel. */
function answers(reply: Uint8Array, request: Uint8Array, type: number, raw: boolean): boolean {
  if (reply[0] !== type || reply.length !== request.length) return false
  const from = raw ? 4 : 6
  return Buffer.compare(reply.subarray(from), request.subarray(from)) === 0
}
