import type { Family } from '../values/ip-address.ts'

/** Programs of classic BPF (include/uapi/linux/filter.h) for frames with their Ethernet header. */

const BPF_LD_H_ABS = 0x28
const BPF_LD_B_ABS = 0x30
const BPF_LD_H_IND = 0x48
const BPF_LDX_B_MSH = 0xb1
const BPF_JMP_JEQ_K = 0x15
const BPF_JMP_JGE_K = 0x35
const BPF_JMP_JSET_K = 0x45
const BPF_RET_K = 0x06

const tcp = 6
const icmp6 = 58
const advertisement = 136
const ip = 14
const ip6Payload = ip + 40

/** Neighbour advertisements, RFC 4861 4.4. */
export const advertisements = (): Uint8Array =>
  instructions([
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
    ? instructions([
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
    : instructions([
        [BPF_LD_B_ABS, 0, 0, ip + 6],
        [BPF_JMP_JEQ_K, 0, 3, tcp],
        [BPF_LD_H_ABS, 0, 0, ip6Payload + 2],
        [BPF_JMP_JGE_K, 0, 1, least],
        [BPF_RET_K, 0, 0, 0xffff],
        [BPF_RET_K, 0, 0, 0],
      ])

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number]

/** struct sock_filter */
function instructions(list: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(list.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [index, [code, ifTrue, ifFalse, operand]] of list.entries()) {
    view.setUint16(index * 8, code, true)
    view.setUint8(index * 8 + 2, ifTrue)
    view.setUint8(index * 8 + 3, ifFalse)
    view.setUint32(index * 8 + 4, operand, true)
  }
  return bytes
}
