import { readFileSync } from 'node:fs'

export type Scheduling = {
  readonly policy: 'ordinary' | 'fifo' | 'round-robin' | 'other'
  /** 1 to 99 of the real-time ones, 0 of others. */
  readonly priority: number
}

/** Of the main thread, from proc_pid_stat(5): fields 40 and 41, counted behind the name. */
export function readScheduling(stat = readFileSync('/proc/self/stat', 'utf8')): Scheduling {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const policy = (['ordinary', 'fifo', 'round-robin'] as const)[Number(fields[38])]
  return { policy: policy ?? 'other', priority: Number(fields[37]) }
}
