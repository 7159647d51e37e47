import type { Family } from '../values/ip-address.ts'

/**
 * Programs of classic BPF (include/uapi/linux/filter.h) that look at the TTL or hop limit. They
 * stand where IP_MINTTL and IPV6_MINHOPCOUNT should: the kernel takes these options on a raw
 * socket and then does not look at them, they are TCP's.
 */

/** Loads are then counted from the IP header, wherever the packet's data begins. */
const SKF_NET_OFF = -0x100000
const BPF_LD_B_ABS = 0x30
const BPF_JMP_JGE_K = 0x35
const BPF_RET_K = 0x06

const whole = 0xffffffff
const nothing = 0

/** Takes what has at least this TTL. */
export const atLeast = (family: Family, ttl: number): Uint8Array =>
  program(family, ttl, whole, nothing)

/** Takes what has less than this TTL. */
export const below = (family: Family, ttl: number): Uint8Array =>
  program(family, ttl, nothing, whole)

function program(family: Family, ttl: number, ifAtLeast: number, ifBelow: number): Uint8Array {
  // RFC 791 3.1, RFC 8200 3.
  const place = family === 'inet' ? 8 : 7
  return instructions([
    [BPF_LD_B_ABS, 0, 0, SKF_NET_OFF + place],
    [BPF_JMP_JGE_K, 0, 1, ttl],
    [BPF_RET_K, 0, 0, ifAtLeast],
    [BPF_RET_K, 0, 0, ifBelow],
  ])
}

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number]

/** struct sock_filter */
function instructions(list: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(list.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [index, [code, ifTrue, ifFalse, operand]] of list.entries()) {
    view.setUint16(index * 8, code, true)
    view.setUint8(index * 8 + 2, ifTrue)
    view.setUint8(index * 8 + 3, ifFalse)
    view.setUint32(index * 8 + 4, operand >>> 0, true)
  }
  return bytes
}
