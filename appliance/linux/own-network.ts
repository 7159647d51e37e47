import type { ActualLink } from '../network/link-plan.ts'
import type { NetworkWish } from '../network/wish.ts'
import { milliseconds } from '../values/duration.ts'
import { isLinkLocal } from '../values/ip-address.ts'
import { prefixText } from '../values/prefix.ts'
import { planAddresses } from './address-plan.ts'
import type { AddressWish, KernelAddress } from './netlink/address-message.ts'
import type { Route } from './netlink/route-message.ts'
import { NetlinkSocket } from './netlink/socket.ts'
import { OwnInet6 } from './own-inet6.ts'
import { OwnLinks } from './own-links.ts'
import { applyAddresses, readAddresses } from './virtual-addresses.ts'
import { applyRoutes, planRoutes, readRoutes } from './virtual-routes.ts'

/**
 * Marks what `node.network` has put into the kernel (IFA_PROTO, rtm_protocol, the group of an
 * interface). Beside it stand, and are never touched: 112 of virtual routers, and what has no mark
 * of ours, such as the addresses of DHCP.
 */
export const ownOrigin = 113

/** IFAPROT_KERNEL_RA of include/uapi/linux/if_addr.h: from a router's advertisement. */
const advertised = 2
const mainTable = 254

export type NetworkReport = {
  /** One line for each thing that was done. */
  readonly changes: readonly string[]
  /** In the kernel's words, with what to do. */
  readonly refused: readonly string[]
  /** Ports that are not there. */
  readonly missing: readonly string[]
}

/** Brings the kernel to a wish, and keeps it there: call it again, it does nothing that is done. */
export class OwnNetwork {
  readonly #netlink = NetlinkSocket.open('route')
  readonly #links = new OwnLinks(this.#netlink, ownOrigin)
  readonly #inet6 = new OwnInet6()

  /** `anew`: also what lost against another box's address before, which may be gone by now. */
  keep(wish: NetworkWish, { anew = false } = {}): NetworkReport {
    const { links, changes, refused, missing } = this.#links.keep(wish.interfaces)
    const byName = new Map(links.map(link => [link.name, link]))
    const settings = this.#inet6.keep(wish.interfaces, new Set(byName.keys()))
    const addresses = this.#keepAddresses(wish, byName, anew)
    const routes = this.#keepRoutes(wish, byName, missing.length > 0)
    return {
      changes: [...changes, ...addresses.changes, ...routes.changes],
      refused: [...refused, ...settings, ...addresses.refused, ...routes.refused],
      missing,
    }
  }

  #keepAddresses(
    { interfaces }: NetworkWish,
    byName: ReadonlyMap<string, ActualLink>,
    anew: boolean,
  ): Done {
    const present = interfaces.flatMap(wish => {
      const link = byName.get(wish.name)
      return link === undefined ? [] : [{ wish, index: link.index }]
    })
    const wanted = present.flatMap(({ wish, index }) =>
      wish.addresses.map(
        (prefix): AddressWish => ({
          interfaceIndex: index,
          prefix,
          label: null,
          scope: isLinkLocal(prefix.address) ? 'link' : 'global',
          lease: null,
          origin: ownOrigin,
          isOwn: true,
        }),
      ),
    )
    const read = readAddresses(this.#netlink)
    const lost = read.filter(({ origin, state }) => origin === ownOrigin && state === 'duplicate')
    const actual = anew
      ? read
      : read.map(address =>
          lost.includes(address) ? { ...address, state: 'usable' as const } : address,
        )
    const goal = { wanted, unwanted: [], origin: ownOrigin, renewBelow: milliseconds(0) }
    // What came by SLAAC stays for hours after the kernel was told not to listen any more.
    const deaf = new Set(
      present.flatMap(({ wish, index }) => (wish.ipv6 === 'static' ? [index] : [])),
    )
    const stale = actual.filter(
      address => address.origin === advertised && deaf.has(address.interfaceIndex),
    )
    const ops = [
      ...stale.map(address => ({ kind: 'remove', address }) as const),
      ...planAddresses(goal, actual),
    ]
    const refusals = applyAddresses(this.#netlink, ops)
    const failed = new Set(refusals.map(({ op }) => op))
    const nameOf = (index: number) =>
      [...byName.values()].find(link => link.index === index)?.name ?? `interface ${index}`
    return {
      changes: ops
        .filter(op => !failed.has(op))
        .map(op => {
          const { prefix, interfaceIndex }: Pick<KernelAddress, 'prefix' | 'interfaceIndex'> =
            op.kind === 'remove' ? op.address : op.wish
          const what = op.kind === 'remove' ? 'removed from' : 'set on'
          return `${prefixText(prefix)} ${what} ${nameOf(interfaceIndex)}`
        }),
      refused: [
        ...refusals.map(({ error }) => error.message),
        ...(anew ? [] : lost).map(
          ({ prefix, interfaceIndex }) =>
            `${prefixText(prefix)} on ${nameOf(interfaceIndex)}: another box has this address. ` +
            'Give one of them another, and apply the configuration again.',
        ),
      ],
    }
  }

  /** `waits`: the network of a gateway may come with a port that is missing. */
  #keepRoutes(
    { routes }: NetworkWish,
    byName: ReadonlyMap<string, ActualLink>,
    waits: boolean,
  ): Done {
    const wanted = routes.flatMap(({ interface: way, ...route }): Route[] => {
      const link = way === null ? undefined : byName.get(way)
      // It comes with its interface.
      if (way !== null && link === undefined) return []
      const interfaceIndex = link?.index ?? null
      return [{ ...route, interfaceIndex, source: null, table: mainTable, origin: ownOrigin }]
    })
    const ops = planRoutes(wanted, readRoutes(this.#netlink, ownOrigin), ownOrigin)
    const refusals = applyRoutes(this.#netlink, ops)
    const failed = new Set(refusals.map(({ op }) => op))
    return {
      changes: ops
        .filter(op => !failed.has(op))
        .map(
          ({ kind, item }) => `route to ${routeText(item)} ${kind === 'add' ? 'set' : 'removed'}`,
        ),
      refused: refusals
        .filter(({ error }) => !waits || !/^E(NET|HOST)UNREACH$/.test(error.code))
        .map(({ error }) => error.message),
    }
  }

  close(): void {
    this.#netlink.close()
  }
}

type Done = Pick<NetworkReport, 'changes' | 'refused'>

const routeText = ({ family, destination, gateway }: Route): string =>
  `${destination === null ? `default (${family})` : prefixText(destination)} via ${gateway}`
