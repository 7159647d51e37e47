/** Programs of classic BPF (include/uapi/linux/filter.h), which the kernel runs for each packet. */

export const BPF_LD_W_ABS = 0x20
export const BPF_LD_H_ABS = 0x28
export const BPF_LD_B_ABS = 0x30
export const BPF_LD_H_IND = 0x48
export const BPF_LDX_B_MSH = 0xb1
export const BPF_JMP_JEQ_K = 0x15
export const BPF_JMP_JGE_K = 0x35
export const BPF_JMP_JSET_K = 0x45
export const BPF_RET_K = 0x06

export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number]

/** struct sock_filter */
export function packetFilter(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [index, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    view.setUint16(index * 8, code, true)
    view.setUint8(index * 8 + 2, ifTrue)
    view.setUint8(index * 8 + 3, ifFalse)
    view.setUint32(index * 8 + 4, operand >>> 0, true)
  }
  return bytes
}
