/** Bonds, VLANs and bridges (include/uapi/linux/if_link.h, if_bonding.h). */

import type { ActualLink, ActualMade } from '../../network/link-plan.ts'
import type { BondMode, BondSettings } from '../../network/wish.ts'
import { milliseconds } from '../../values/duration.ts'
import {
  type Attribute,
  concatenated,
  decodeAttributes,
  encodeAttributes,
  readText,
  readUint32,
  text,
  uint8,
  uint32,
  viewOf,
} from './attributes.ts'
import { decodeLink } from './link-message.ts'
import { type Message, NLM_F_CREATE, NLM_F_EXCL } from './message.ts'
import type { Request } from './socket.ts'

const RTM_NEWLINK = 16
const RTM_SETLINK = 19
const IFLA_IFNAME = 3
const IFLA_MTU = 4
const IFLA_LINK = 5
const IFLA_MASTER = 10
const IFLA_LINKINFO = 18
const IFLA_GROUP = 27
const IFLA_INFO_KIND = 1
const IFLA_INFO_DATA = 2
const IFLA_VLAN_ID = 1
const IFLA_BOND_MODE = 1
const IFLA_BOND_MIIMON = 3
const IFLA_BOND_XMIT_HASH_POLICY = 14
const IFLA_BOND_AD_LACP_RATE = 21

/** In the order of the kernel's numbers. */
const modes: readonly BondMode[] = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
]
const hashes = ['layer2', 'layer3+4', 'layer2+3'] as const
const rates = ['slow', 'fast'] as const

/** struct ifinfomsg */
const headerSize = 16

function header(index: number): Uint8Array {
  const bytes = new Uint8Array(headerSize)
  viewOf(bytes).setInt32(4, index, true)
  return bytes
}

/** Still down, and with our mark from the first moment on: the group of the interface. */
export const makeLink = (name: string, what: ActualMade, group: number): Request => ({
  op: 'RTM_NEWLINK',
  target: `${name} (${what.kind})`,
  type: RTM_NEWLINK,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: concatenated([
    header(0),
    encodeAttributes([
      [IFLA_IFNAME, text(name)],
      [IFLA_GROUP, uint32(group)],
      ...(what.kind === 'vlan' ? [[IFLA_LINK, uint32(what.parent ?? 0)] as const] : []),
      [
        IFLA_LINKINFO,
        [
          [IFLA_INFO_KIND, text(what.kind)],
          [IFLA_INFO_DATA, dataOf(what)],
        ],
      ],
    ]),
  ]),
  advice: {
    EEXIST: 'There is such an interface that Diarch did not make: remove it, or choose another.',
    EOPNOTSUPP:
      'This kernel has none of that kind (CONFIG_BONDING, CONFIG_VLAN_8021Q, CONFIG_BRIDGE).',
    ENOTSUP:
      'This kernel has none of that kind (CONFIG_BONDING, CONFIG_VLAN_8021Q, CONFIG_BRIDGE).',
    ENODEV: 'The interface below it is gone; it comes back with that.',
  },
})

function dataOf(what: ActualMade): readonly Attribute[] {
  switch (what.kind) {
    case 'vlan':
      return [[IFLA_VLAN_ID, new Uint8Array(Uint16Array.of(what.id).buffer)]]
    case 'bond':
      return [
        [IFLA_BOND_MODE, uint8(modes.indexOf(what.mode))],
        [IFLA_BOND_MIIMON, uint32(what.monitorInterval)],
        [IFLA_BOND_XMIT_HASH_POLICY, uint8(hashes.indexOf(what.transmitHash))],
        // The other modes refuse it.
        ...(what.mode === '802.3ad'
          ? [[IFLA_BOND_AD_LACP_RATE, uint8(rates.indexOf(what.lacpRate))] as const]
          : []),
      ]
    case 'bridge':
      return []
  }
}

/** Null: out of its bond or bridge. */
export const setMaster = (index: number, name: string, master: number | null): Request => ({
  op: 'RTM_SETLINK',
  target: master === null ? `${name} (out of its bond or bridge)` : `${name} (into ${master})`,
  type: RTM_SETLINK,
  flags: 0,
  body: concatenated([header(index), encodeAttributes([[IFLA_MASTER, uint32(master ?? 0)]])]),
  advice: {
    ENODEV: 'It is gone; it joins when it comes back.',
    EBUSY: 'Something else uses it: a bridge, a bond, a macvlan.',
    EPERM: 'A bond takes no member that is up, and no other bond.',
  },
})

export const setMtu = (index: number, name: string, mtu: number): Request => ({
  op: 'RTM_SETLINK',
  target: `${name} (mtu ${mtu})`,
  type: RTM_SETLINK,
  flags: 0,
  body: concatenated([header(index), encodeAttributes([[IFLA_MTU, uint32(mtu)]])]),
  advice: {
    EINVAL: 'The card, or the interface below, takes no packets of that size.',
    ERANGE: 'The interface below takes no packets of that size.',
  },
})

/** Null for what is no interface by itself. `group` is our mark. */
export function decodeMadeLink(message: Message, group: number): ActualLink | null {
  const link = decodeLink(message)
  if (link === null) return null
  const attributes = decodeAttributes(message.body.subarray(headerSize))
  const master = readUint32(attributes.get(IFLA_MASTER))
  const info = attributes.get(IFLA_LINKINFO)
  return {
    index: link.index,
    name: link.name,
    up: link.up,
    mtu: link.mtu,
    master: master === 0 ? null : master,
    isOurs: readUint32(attributes.get(IFLA_GROUP)) === group,
    made: info === undefined ? null : madeFrom(info, link.parent),
  }
}

function madeFrom(info: Uint8Array, parent: number | null): ActualMade | null {
  const attributes = decodeAttributes(info)
  const data = decodeAttributes(attributes.get(IFLA_INFO_DATA) ?? new Uint8Array())
  switch (readText(attributes.get(IFLA_INFO_KIND))) {
    case 'vlan': {
      const id = data.get(IFLA_VLAN_ID)
      return { kind: 'vlan', parent, id: id === undefined ? 0 : viewOf(id).getUint16(0, true) }
    }
    case 'bond':
      return { kind: 'bond', ...bondFrom(data) }
    case 'bridge':
      return { kind: 'bridge' }
    default:
      return null
  }
}

const bondFrom = (data: ReadonlyMap<number, Uint8Array>): BondSettings => ({
  mode: modes[data.get(IFLA_BOND_MODE)?.[0] ?? 0] ?? 'balance-rr',
  monitorInterval: milliseconds(readUint32(data.get(IFLA_BOND_MIIMON)) ?? 0),
  lacpRate: rates[data.get(IFLA_BOND_AD_LACP_RATE)?.[0] ?? 0] ?? 'slow',
  transmitHash: hashes[data.get(IFLA_BOND_XMIT_HASH_POLICY)?.[0] ?? 0] ?? 'layer2',
})
