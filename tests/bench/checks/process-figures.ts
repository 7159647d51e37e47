import { readFileSync } from 'node:fs'

/** proc_pid_stat(5), fields 14 and 15: all threads, user and system. USER_HZ is 100. */
export function cpuMilliseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/** Resident, in megabytes: the most that it has ever had. */
export function mostMemory(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kib === undefined) throw new Error(`process ${pid} has no memory: it is gone`)
  return (Number(kib) * 1024) / 1e6
}
