import { addressBytes, type Family, type IpAddress } from '../values/ip-address.ts'
import {
  BPF_JMP_JEQ_K,
  BPF_JMP_JGE_K,
  BPF_JMP_JSET_K,
  BPF_LD_B_ABS,
  BPF_LD_H_ABS,
  BPF_LD_H_IND,
  BPF_LD_W_ABS,
  BPF_LDX_B_MSH,
  BPF_RET_K,
  packetFilter,
} from './packet-filter.ts'

/** For frames with their Ethernet header. */

const tcp = 6
const icmp6 = 58
const advertisement = 136
const ip = 14
const ip6Payload = ip + 40

/** Neighbour advertisements, RFC 4861 4.4. */
export const advertisements = (): Uint8Array =>
  packetFilter([
    [BPF_LD_B_ABS, 0, 0, ip + 6],
    [BPF_JMP_JEQ_K, 0, 3, icmp6],
    [BPF_LD_B_ABS, 0, 0, ip6Payload],
    [BPF_JMP_JEQ_K, 0, 1, advertisement],
    [BPF_RET_K, 0, 0, 0xffff],
    [BPF_RET_K, 0, 0, 0],
  ])

/** TCP to this port and those above; no later fragments (RFC 791 3.1), no extension headers. */
export const tcpFromPort = (family: Family, least: number): Uint8Array =>
  family === 'inet'
    ? packetFilter([
        [BPF_LD_B_ABS, 0, 0, ip + 9],
        [BPF_JMP_JEQ_K, 0, 6, tcp],
        [BPF_LD_H_ABS, 0, 0, ip + 6],
        [BPF_JMP_JSET_K, 4, 0, 0x1fff],
        [BPF_LDX_B_MSH, 0, 0, ip],
        [BPF_LD_H_IND, 0, 0, ip + 2],
        [BPF_JMP_JGE_K, 0, 1, least],
        [BPF_RET_K, 0, 0, 0xffff],
        [BPF_RET_K, 0, 0, 0],
      ])
    : packetFilter([
        [BPF_LD_B_ABS, 0, 0, ip + 6],
        [BPF_JMP_JEQ_K, 0, 3, tcp],
        [BPF_LD_H_ABS, 0, 0, ip6Payload + 2],
        [BPF_JMP_JGE_K, 0, 1, least],
        [BPF_RET_K, 0, 0, 0xffff],
        [BPF_RET_K, 0, 0, 0],
      ])

/** A jump of classic BPF goes over 255 steps at most. */
const mostAddresses = 200

/** ARP whose sender says to have one of these IPv4 addresses; of very many: all ARP. */
export function arpFrom(addresses: readonly IpAddress[]): Uint8Array {
  if (addresses.length > mostAddresses) return packetFilter([[BPF_RET_K, 0, 0, 0xffff]])
  const last = addresses.length - 1
  return packetFilter([
    [BPF_LD_W_ABS, 0, 0, ip + 14],
    ...addresses.map((address, index): [number, number, number, number] => {
      return [BPF_JMP_JEQ_K, last - index + 1, 0, addressNumber(address)]
    }),
    [BPF_RET_K, 0, 0, 0],
    [BPF_RET_K, 0, 0, 0xffff],
  ])
}

const addressNumber = (address: IpAddress): number =>
  addressBytes(address).reduce((number, byte) => number * 256 + byte, 0)
