import { createHmac } from 'node:crypto'
import { type AddressPlace, planAddresses } from '../../linux/address-plan.ts'
import { Interfaces } from '../../linux/interfaces.ts'
import { NetlinkSocket } from '../../linux/netlink/socket.ts'
import { RawIpSocket } from '../../linux/raw-ip-socket.ts'
import { applyAddresses, ourOrigin, readAddresses } from '../../linux/virtual-addresses.ts'
import type { RouterStatus } from '../../status/router-status.ts'
import { milliseconds } from '../../values/duration.ts'
import { type IpAddress, parseIpAddress } from '../../values/ip-address.ts'
import { unixTime } from '../../values/unix-time.ts'
import { protocolNumber } from '../../vrrp/advert-layout.ts'
import { encodeAdvert, sealFor } from '../../vrrp/encode.ts'
import { advertisedBy } from '../../vrrp/expectations.ts'
import { stampAt } from '../../vrrp/hmac-sequence.ts'
import type { RouterConfig } from '../../vrrp/router-config.ts'

/**
 * vrrpd has died and could not say good-bye: its addresses go, and its routers give up in the words
 * that it would have used. The peer takes over in milliseconds instead of three adverts.
 * Returns what could not be done.
 */
export function releaseOrphans(
  routers: readonly RouterConfig[],
  last: readonly RouterStatus[],
): readonly string[] {
  const failures: string[] = []
  const attempt = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      failures.push(wordsOf(error))
    }
  }
  const masters = new Map(last.filter(({ state }) => state === 'MASTER').map(r => [r.name, r]))
  attempt(() => {
    const interfaces = Interfaces.open(() => {})
    try {
      // First of all: whoever hears the zero takes them over in the same millisecond.
      attempt(() => {
        const unwanted = routers.flatMap(config => placesOf(config, interfaces))
        failures.push(...removeAll(unwanted))
      })
      for (const config of routers) {
        const source = parseIpAddress(masters.get(config.name)?.source ?? '')
        const on = interfaces.named(config.interface)
        if (source !== null && on !== null) attempt(() => sayZero(config, source, on))
      }
    } finally {
      interfaces.close()
    }
  })
  return failures
}

/**
 * vrrpd is mute for so long that others take the place of these routers: their addresses go, and it
 * lives on. It puts them back when it comes to and nobody has. Returns what could not be done.
 */
export function takeFromMute(
  mute: readonly RouterConfig[],
  speaking: readonly RouterConfig[],
): readonly string[] {
  const kept = new Set(speaking.flatMap(addressesOf))
  const theirs = new Set(mute.flatMap(addressesOf).filter(address => !kept.has(address)))
  // What keeps vrrpd from running may keep us from this: no memory, for one.
  try {
    const netlink = NetlinkSocket.open('route')
    try {
      const gone = readAddresses(netlink).filter(({ origin, prefix }) => {
        return origin === ourOrigin && theirs.has(prefix.address)
      })
      const ops = gone.reverse().map(address => ({ kind: 'remove', address }) as const)
      return applyAddresses(netlink, ops).map(({ error }) => error.message)
    } finally {
      netlink.close()
    }
  } catch (error) {
    return [wordsOf(error)]
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const addressesOf = ({ addresses }: RouterConfig): readonly IpAddress[] =>
  addresses.map(({ prefix }) => prefix.address)

function sayZero(
  config: RouterConfig,
  source: NonNullable<ReturnType<typeof parseIpAddress>>,
  on: { readonly name: string; readonly index: number },
): void {
  const { family, transport, checksum, authentication, version, vrid, interval } = config
  const ttl = transport.kind === 'unicast' ? transport.ttl : 255
  const socket = RawIpSocket.open({
    protocol: protocolNumber,
    interface: on,
    family,
    groups: [],
    ttl,
    leastTtl: 1,
  })
  try {
    const seal = sealFor(authentication, stampAt(unixTime(Date.now())), hmac)
    const addresses = advertisedBy(config)
    const advert = { version, family, vrid, priority: 0, interval, addresses }
    const to = transport.kind === 'multicast' ? [transport.group] : transport.peers
    for (const destination of to) {
      const bytes = encodeAdvert(advert, { source, destination, checksum, seal })
      socket.send(bytes, destination, source)
    }
  } finally {
    socket.close()
  }
}

/** An owner's addresses are its own, and stay. */
function placesOf(config: RouterConfig, interfaces: Interfaces): AddressPlace[] {
  if (config.priority === 255) return []
  return config.addresses.flatMap(({ prefix, interface: name }) => {
    const on = interfaces.named(name ?? config.interface)
    return on === null ? [] : [{ interfaceIndex: on.index, address: prefix.address }]
  })
}

/** And everything in the kernel that bears our mark. */
function removeAll(unwanted: readonly AddressPlace[]): readonly string[] {
  const netlink = NetlinkSocket.open('route')
  try {
    const renewBelow = milliseconds(0)
    const goal = { wanted: [], unwanted, origin: ourOrigin, renewBelow }
    const ops = planAddresses(goal, readAddresses(netlink))
    return applyAddresses(netlink, ops).map(({ error }) => error.message)
  } finally {
    netlink.close()
  }
}

const hmac = (secret: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac('sha256', secret).update(message).digest()
