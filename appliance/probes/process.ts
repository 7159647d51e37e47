import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { counts, mayCount, type ProcessNames } from '../vrrp/tracked-process.ts'
import type { ProcessTracker } from '../vrrp/tracker-config.ts'

type Wanted = Pick<ProcessTracker, 'program' | 'arguments'>

/**
 * How many processes there are of each, by one walk through /proc. Who starts and ends between two
 * walks is not seen; the kernel could tell each start and end (NETLINK_CONNECTOR), if a second were
 * too long. Names come at once from the kernel; reading arguments has to wait for the process's
 * memory, which may be stuck, so that is not done on our thread, and only where the name is right.
 */
export async function countProcesses(wanted: readonly Wanted[]): Promise<readonly number[]> {
  const numbers = wanted.map(() => 0)
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const found = pids.flatMap(pid => {
    const names = namesOf(pid)
    return names !== null && wanted.some(each => mayCount(each, names)) ? [{ pid, names }] : []
  })
  await Promise.all(
    found.map(async ({ pid, names }) => {
      const argv = await argumentsOf(pid)
      wanted.forEach((each, index) => {
        if (counts(each, names, argv)) numbers[index] = (numbers[index] ?? 0) + 1
      })
    }),
  )
  return numbers
}

/** Null when it has ended meanwhile. */
function namesOf(pid: string): ProcessNames | null {
  try {
    // One line break at its end; a name may hold others.
    const called = readFileSync(`/proc/${pid}/comm`, 'utf8').replace(/\n$/, '')
    return { called, file: fileOf(pid) }
  } catch {
    return null
  }
}

function fileOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    return null
  }
}

async function argumentsOf(pid: string): Promise<readonly string[]> {
  try {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    return text === '' ? [] : text.replace(/\0$/, '').split('\0')
  } catch {
    return []
  }
}
