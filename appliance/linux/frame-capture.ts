import { setTimeout as wait } from 'node:timers/promises'
import type { Duration } from '../values/duration.ts'
import { etherType, FrameListener } from './frame-listener.ts'
import {
  BPF_JMP_JEQ_K,
  BPF_LD_B_ABS,
  BPF_LD_H_ABS,
  BPF_RET_K,
  packetFilter,
} from './packet-filter.ts'

/** ETH_P_ALL of include/uapi/linux/if_ether.h: also what the box itself sends. */
const everyType = 0x0003
const vrrp = 112

/** A busy port must not wake us for each frame of somebody else's. */
const filters = {
  all: null,
  arp: packetFilter([
    [BPF_LD_H_ABS, 0, 0, 12],
    [BPF_JMP_JEQ_K, 0, 1, etherType.arp],
    [BPF_RET_K, 0, 0, 0xffff],
    [BPF_RET_K, 0, 0, 0],
  ]),
  vrrp: packetFilter([
    [BPF_LD_H_ABS, 0, 0, 12],
    [BPF_JMP_JEQ_K, 0, 2, etherType.inet],
    [BPF_LD_B_ABS, 0, 0, 14 + 9],
    [BPF_JMP_JEQ_K, 3, 4, vrrp],
    [BPF_JMP_JEQ_K, 0, 3, etherType.inet6],
    [BPF_LD_B_ABS, 0, 0, 14 + 6],
    [BPF_JMP_JEQ_K, 0, 1, vrrp],
    [BPF_RET_K, 0, 0, 0xffff],
    [BPF_RET_K, 0, 0, 0],
  ]),
} as const

export type CaptureKind = keyof typeof filters

/** Milliseconds after the capture began. */
export type CapturedFrame = { readonly at: number; readonly frame: Uint8Array }

/** The first so many frames on an interface, or as many as come in the time. */
export async function captureFrames(
  interfaceIndex: number,
  kind: CaptureKind,
  most: number,
  within: Duration,
): Promise<readonly CapturedFrame[]> {
  const captured: CapturedFrame[] = []
  const enough = new AbortController()
  const began = performance.now()
  const listening = { interfaceIndex, etherType: everyType, filter: filters[kind] }
  const listener = FrameListener.open(listening, frame => {
    if (captured.length === most) return
    captured.push({ at: performance.now() - began, frame: frame.slice() })
    if (captured.length === most) enough.abort()
  })
  try {
    await wait(within, undefined, { signal: enough.signal })
  } catch (error) {
    if (!enough.signal.aborted) throw error
  } finally {
    listener.close()
  }
  return captured
}
