import { readFileSync } from 'node:fs'
import { errorCode } from './kernel-error.ts'
import { native } from './native/binding.ts'

export type LockedMemory = {
  readonly bytes: number
  /** ENOMEM: above the limit of locked memory. EPERM: it needs the capability IPC_LOCK. */
  readonly refused: string | null
}

/**
 * Keeps program text in memory, so that a box short of memory does not read it from the disk again
 * in the middle of a failover. Only what is mapped from files, and only what was touched: mlockall
 * would pin all that V8 reserves, hundreds of megabytes, and V8 aborts when it is refused more.
 */
export function lockProgramText(maps = readFileSync('/proc/self/maps', 'utf8')): LockedMemory {
  let bytes = 0
  for (const { start, length } of fileMappings(maps)) {
    const result = native().lockPages(start, length)
    if (result < 0) return { bytes, refused: errorCode(result) }
    bytes += length
  }
  return { bytes, refused: null }
}

export type Mapping = { readonly start: number; readonly length: number }

/** From proc_pid_maps(5): those with a file of a disk behind them. */
export function fileMappings(maps: string): readonly Mapping[] {
  return maps.split('\n').flatMap(line => {
    const [, from, to, path] =
      /^([\da-f]+)-([\da-f]+) \S+ \S+ (?!00:00 )\S+ +\d+ +(\/.*)$/.exec(line) ?? []
    if (from === undefined || to === undefined || path === undefined) return []
    if (path.startsWith('/dev/') || path.endsWith(' (deleted)')) return []
    const start = Number.parseInt(from, 16)
    return [{ start, length: Number.parseInt(to, 16) - start }]
  })
}
