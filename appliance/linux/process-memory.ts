import { readFileSync } from 'node:fs'

/** Resident memory of a process; null when it has gone. Pages are 4 KiB on x86-64. */
export function residentMiB(pid: number): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return Math.round((pages * 4) / 1024)
  } catch {
    return null
  }
}
