import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A table of a million connections is cut: its beginning tells enough. */
const mostBytes = 256 * 1024

const files = [
  ...['version', 'cmdline', 'uptime', 'loadavg', 'meminfo', 'cpuinfo', 'interrupts', 'softirqs'],
  ...['mounts', 'partitions', 'diskstats', 'modules', 'stat', 'vmstat', 'swaps'],
  ...['pressure/cpu', 'pressure/memory', 'pressure/io'],
  ...['net/dev', 'net/route', 'net/ipv6_route', 'net/fib_trie', 'net/if_inet6', 'net/arp'],
  ...['net/snmp', 'net/snmp6', 'net/netstat', 'net/softnet_stat', 'net/igmp', 'net/mcfilter'],
  ...['net/raw', 'net/raw6', 'net/packet', 'net/tcp', 'net/tcp6', 'net/udp', 'net/udp6'],
  ...['net/ip_vs', 'net/ip_vs_stats', 'net/ip_vs_stats_percpu', 'net/ip_vs_conn_sync'],
  ...['net/bonding', 'net/vlan/config'],
]

const settings = ['net/ipv4', 'net/ipv4/vs', 'net/ipv6', 'net/core', 'kernel', 'vm']
/** Of each interface. */
const perInterface = ['net/ipv4/conf', 'net/ipv6/conf', 'net/ipv4/neigh']

export type Found = { readonly name: string; readonly text: string }

/** What the kernel says in /proc: addresses, routes, neighbours, IPVS, counters. */
export const readKernelFiles = (): Promise<readonly Found[]> =>
  Promise.all(
    files.map(async name => {
      const text = await beginningOf(join('/proc', name)).catch(whyNot)
      return { name: `kernel/${name.replaceAll('/', '-')}`, text }
    }),
  )

/** As `sysctl` prints them. */
export async function readSettings(): Promise<string> {
  const below = await Promise.all(perInterface.map(foldersIn))
  const folders = [...settings, ...below.flat()]
  const lines = await Promise.all(folders.map(settingsIn))
  return lines.flat().join('\n')
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join('/proc/sys', folder)).catch(() => [])
  return names.map(name => join(folder, name))
}

/** Keys of our own among them: nobody needs those. */
const secret = /secret|_key$|fastopen_key|uuid|boot_id/

async function settingsIn(folder: string): Promise<readonly string[]> {
  const path = join('/proc/sys', folder)
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  const names = entries.filter(entry => entry.isFile() && !secret.test(entry.name))
  return Promise.all(
    names.map(async ({ name }) => {
      const value = await beginningOf(join(path, name)).catch(whyNot)
      return `${folder.replaceAll('/', '.')}.${name} = ${value.trim().replaceAll('\n', ' | ')}`
    }),
  )
}

/** A file of /proc has no size that one could ask for. */
async function beginningOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const bytes = Buffer.alloc(mostBytes)
    let length = 0
    while (length < mostBytes) {
      const { bytesRead } = await file.read(bytes, length, mostBytes - length)
      if (bytesRead === 0) return bytes.toString('utf8', 0, length)
      length += bytesRead
    }
    return `${bytes.toString('utf8', 0, length)}\n(there is more)\n`
  } finally {
    await file.close()
  }
}

export const whyNot = (error: unknown): string =>
  `(not there: ${error instanceof Error ? error.message : String(error)})\n`
