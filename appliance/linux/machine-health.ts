/**
 * What the machine is and how it is, read when somebody asks: files of /proc and /sys, and no
 * program is started for it.
 */

import { readdir, readFile, statfs } from 'node:fs/promises'
import { cpus, loadavg, release, uptime } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Disk, MachineHealth, PortCounters, Temperature } from '../status/machine-health.ts'

/** How busy a processor is can be said of a while only. */
const observedMs = 250
const mib = 1024 * 1024

export async function readMachineHealth(
  ports: readonly string[],
  folders: readonly string[],
): Promise<MachineHealth> {
  const [cpu, memory, temperatures, disks, volumes, machine, counters] = await Promise.all([
    readCpu(),
    readMemory(),
    readTemperatures(),
    readDisks(),
    Promise.all(folders.map(readVolume)),
    readMachine(),
    Promise.all(ports.map(readPort)),
  ])
  return {
    ...{ cpu, memory, temperatures, disks, machine, ports: counters },
    volumes: volumes.flatMap(volume => volume ?? []),
    kernel: release(),
    uptimeSeconds: Math.round(uptime()),
  }
}

async function readCpu(): Promise<MachineHealth['cpu']> {
  const before = busyAndAll()
  await wait(observedMs)
  const after = busyAndAll()
  const all = after.all - before.all
  const [model] = cpus()
  const [one = 0, five = 0, fifteen = 0] = loadavg()
  return {
    model: model?.model.replaceAll(/\s+/g, ' ').trim() ?? 'unknown',
    cores: cpus().length,
    busyPercent: all <= 0 ? 0 : Math.round((100 * (after.busy - before.busy)) / all),
    load: [one, five, fifteen].map(value => Math.round(value * 100) / 100),
  }
}

function busyAndAll(): { readonly busy: number; readonly all: number } {
  let [busy, all] = [0, 0]
  for (const { times } of cpus()) {
    const { user, nice, sys, irq, idle } = times
    busy += user + nice + sys + irq
    all += user + nice + sys + irq + idle
  }
  return { busy, all }
}

async function readMemory(): Promise<MachineHealth['memory']> {
  // A megabyte of code, for whoever looks at this page.
  const { mem } = await import('systeminformation/lib/memory.js')
  const found = await mem()
  return {
    totalMiB: Math.round(found.total / mib),
    availableMiB: Math.round(found.available / mib),
    cachesMiB: Math.round(found.buffcache / mib),
    swapTotalMiB: Math.round(found.swaptotal / mib),
    swapUsedMiB: Math.round(found.swapused / mib),
  }
}

/** Documentation/hwmon/sysfs-interface.rst: thousandths of a degree. */
async function readTemperatures(): Promise<readonly Temperature[]> {
  const monitors = await entriesOf('/sys/class/hwmon')
  const found = await Promise.all(
    monitors.map(async monitor => {
      const chip = (await textOf(join(monitor, 'name'))) ?? 'sensor'
      const inputs = (await entriesOf(monitor)).filter(path => /\/temp\d+_input$/.test(path))
      return Promise.all(inputs.map(path => readTemperature(chip, path.replace(/_input$/, ''))))
    }),
  )
  return found.flat().flatMap(each => each ?? [])
}

async function readTemperature(chip: string, path: string): Promise<Temperature | null> {
  const celsius = thousandths(await textOf(`${path}_input`))
  if (celsius === null) return null
  const label = await textOf(`${path}_label`)
  return {
    name: label === null ? chip : `${chip} ${label}`,
    celsius,
    criticalCelsius: thousandths(await textOf(`${path}_crit`)),
  }
}

const thousandths = (text: string | null): number | null =>
  text === null || !/^-?\d+$/.test(text) ? null : Math.round(Number(text) / 100) / 10

/** Those of hardware: a loop device is a file. */
async function readDisks(): Promise<readonly Disk[]> {
  const all = await entriesOf('/sys/block')
  const found = await Promise.all(
    all.map(async (path): Promise<Disk | null> => {
      const [model, sectors, rotates] = await Promise.all([
        textOf(join(path, 'device/model')),
        textOf(join(path, 'size')),
        textOf(join(path, 'queue/rotational')),
      ])
      const name = path.slice('/sys/block/'.length)
      if (/^(loop|ram|zram|dm-|md|sr|nbd)/.test(name) || Number(sectors) === 0) return null
      // Always in sectors of 512 bytes, whatever the disk has.
      const sizeMiB = Math.round((Number(sectors) * 512) / mib)
      return { name, model: model ?? '', sizeMiB, rotates: rotates === '1' }
    }),
  )
  return found.flatMap(disk => disk ?? [])
}

async function readVolume(path: string): Promise<MachineHealth['volumes'][number] | null> {
  try {
    const { bsize, blocks, bavail } = await statfs(path)
    const inMiB = (count: number): number => Math.round((count * bsize) / mib)
    return { path, sizeMiB: inMiB(blocks), freeMiB: inMiB(bavail) }
  } catch {
    return null
  }
}

/** What firmware says of itself; of a virtual machine, what its host says. */
async function readMachine(): Promise<MachineHealth['machine']> {
  const of = (name: string): Promise<string | null> => textOf(join('/sys/class/dmi/id', name))
  const [vendor, product, firmware, info] = await Promise.all([
    of('sys_vendor'),
    of('product_name'),
    of('bios_version'),
    textOf('/proc/cpuinfo'),
  ])
  const isVirtual = /^flags\s*:.*\bhypervisor\b/m.test(info ?? '')
  return { vendor, product, firmware, isVirtual }
}

/** Documentation/ABI/testing/sysfs-class-net-statistics. */
async function readPort(name: string): Promise<PortCounters> {
  const folder = join('/sys/class/net', name)
  const count = async (key: string): Promise<number> =>
    Number((await textOf(join(folder, 'statistics', key))) ?? 0)
  const [duplex, receivedBytes, sentBytes, receiveErrors, sendErrors, dropped] = await Promise.all([
    textOf(join(folder, 'duplex')),
    count('rx_bytes'),
    count('tx_bytes'),
    count('rx_errors'),
    count('tx_errors'),
    count('rx_dropped'),
  ])
  return {
    ...{ name, receivedBytes, sentBytes, receiveErrors, sendErrors, dropped },
    duplex: duplex === 'full' || duplex === 'half' ? duplex : null,
  }
}

const entriesOf = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).toSorted().map(name => join(folder, name))

/** Null: it is not there, or the driver does not say. */
const textOf = async (path: string): Promise<string | null> => {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null || text.trim() === '' ? null : text.trim()
}
