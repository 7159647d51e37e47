import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { basename, join } from 'node:path'
import type { PresentPort, RecordedPort } from '../boot/port-plan.ts'
import type { SeenPort } from '../status/document.ts'

/** Ports as /sys/class/net shows them. */

/** Says what a kernel interface is as a port; null when it is none. */
export type DescribePort = (kernelName: string) => PresentPort | null

export const netClass = '/sys/class/net'

/** Null when there is no such file or no answer from the driver (EINVAL while it is down). */
const attribute = (kernelName: string, name: string): string | null => {
  try {
    return readFileSync(join(netClass, kernelName, name), 'utf8').trim()
  } catch {
    return null
  }
}

/**
 * Two traps: `virtioN` counts in the order of the probes, so the path ends before it; and a card
 * with several ports on one bus address tells them apart by `dev_port` only.
 */
const busPath = (kernelName: string): string | null => {
  try {
    const device = realpathSync(join(netClass, kernelName, 'device'))
    const path = device.replace('/sys/devices/', '').replace(/\/virtio\d+$/, '')
    const port = attribute(kernelName, 'dev_port')
    return port && port !== '0' ? `${path}#${port}` : path
  } catch {
    return null
  }
}

/** A physical (or emulated) card; bridges, VLANs and tunnels have no device. */
export const describePhysicalPort: DescribePort = kernelName => {
  const path = busPath(kernelName)
  const mac = attribute(kernelName, 'address')
  if (path === null || !mac) return null
  // NET_ADDR_PERM of include/uapi/linux/netdevice.h: neither random, stolen from another, nor set.
  const macIsOwn = attribute(kernelName, 'addr_assign_type') === '0'
  return { kernelName, mac, macIsOwn, path }
}

const driverOf = (kernelName: string): string => {
  try {
    return basename(readlinkSync(join(netClass, kernelName, 'device/driver')))
  } catch {
    return ''
  }
}

const linkOf = (kernelName: string): SeenPort['link'] => {
  // IFF_UP of include/uapi/linux/if.h.
  if ((Number(attribute(kernelName, 'flags')) & 1) === 0) return 'down'
  return attribute(kernelName, 'carrier') === '1' ? 'up' : 'no-carrier'
}

const whyOf: Readonly<Record<SeenPort['link'], string>> = {
  up: 'it has a link',
  'no-carrier': 'it hears nobody: there is no cable, or what is at its other end is off',
  down: 'it is switched off',
  missing: 'the kernel does not have it: the card is gone, or has no driver, or it was not made',
}

const speedOf = (kernelName: string): number | null => {
  const speed = Number(attribute(kernelName, 'speed') ?? -1)
  return speed > 0 ? speed : null
}

const kindOfAddress = (cidr: string): number =>
  cidr.includes('.') ? 0 : /^fe[89ab]/i.test(cidr) ? 2 : 1

/** IPv4 first, link-local IPv6 last. */
const addressesOf = (kernelName: string): string[] =>
  (networkInterfaces()[kernelName] ?? [])
    .flatMap(({ cidr }) => cidr ?? [])
    .toSorted((one, two) => kindOfAddress(one) - kindOfAddress(two))

export const interfaceNames = (): string[] => readdirSync(netClass)

const statusOf = (
  { kernelName, mac }: Pick<PresentPort, 'kernelName' | 'mac'>,
  driver = driverOf(kernelName),
): SeenPort => {
  const link = linkOf(kernelName)
  return {
    name: kernelName,
    mac,
    driver,
    link,
    why: whyOf[link],
    speedMbps: link === 'up' ? speedOf(kernelName) : null,
    addresses: addressesOf(kernelName),
  }
}

const missing = ({ name, mac }: RecordedPort): SeenPort => ({
  name,
  mac,
  driver: '',
  link: 'missing',
  why: whyOf.missing,
  speedMbps: null,
  addresses: [],
})

/** Interfaces that are no cards: their kind (`bond`) stands where a card has its driver. */
export const readMadePorts = (made: ReadonlyMap<string, string>): SeenPort[] =>
  [...made].map(([name, kind]) => {
    const mac = attribute(name, 'address')
    if (mac === null) return { ...missing({ name, mac: '', path: '' }), driver: kind }
    return statusOf({ kernelName: name, mac }, kind)
  })

/** All recorded ports in their order, then those that were plugged in since. */
export const readPorts = (
  recorded: readonly RecordedPort[],
  describe: DescribePort = describePhysicalPort,
): SeenPort[] => {
  const present = interfaceNames().flatMap(name => describe(name) ?? [])
  const known = new Set(recorded.map(port => port.name))
  const newcomers = present.filter(port => !known.has(port.kernelName))
  return [
    ...recorded.map(record => {
      const port = present.find(candidate => candidate.kernelName === record.name)
      return port ? statusOf(port) : missing(record)
    }),
    ...newcomers.map(port => statusOf(port)),
  ]
}
