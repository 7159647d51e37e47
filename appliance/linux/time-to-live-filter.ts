import type { Family } from '../values/ip-address.ts'
import { BPF_JMP_JGE_K, BPF_LD_B_ABS, BPF_RET_K, packetFilter } from './packet-filter.ts'

/**
 * Filters that look at the TTL or hop limit. They stand where IP_MINTTL and IPV6_MINHOPCOUNT
 * should: the kernel takes these options on a raw socket and then does not look at them, they are
 * TCP's.
 */

/** Loads are then counted from the IP header, wherever the packet's data begins. */
const SKF_NET_OFF = -0x100000

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
  return packetFilter([
    [BPF_LD_B_ABS, 0, 0, SKF_NET_OFF + place],
    [BPF_JMP_JGE_K, 0, 1, ttl],
    [BPF_RET_K, 0, 0, ifAtLeast],
    [BPF_RET_K, 0, 0, ifBelow],
  ])
}
