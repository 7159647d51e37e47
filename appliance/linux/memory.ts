import { readFileSync } from 'node:fs'
import type { MemoryStatus } from '../status/document.ts'

/** The whole machine's memory, from proc_meminfo(5); `Shmem` lies in `Cached` and is no cache. */
export function readMemory(text = readFileSync('/proc/meminfo', 'utf8')): MemoryStatus {
  const kib = (key: string): number =>
    Number(new RegExp(`^${key}: +(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  const caches = kib('Buffers') + kib('Cached') - kib('Shmem') + kib('SReclaimable')
  const used = kib('MemTotal') - kib('MemFree') - caches
  return { usedMiB: Math.round(used / 1024), totalMiB: Math.round(kib('MemTotal') / 1024) }
}

/** Resident memory of a process; null when it has gone. Pages are 4 KiB on x86-64. */
export function residentMiB(pid: number): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return Math.round((pages * 4) / 1024)
  } catch {
    return null
  }
}
