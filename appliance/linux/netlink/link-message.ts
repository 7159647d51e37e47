import { type MacAddress, macAddressFrom, macBytes } from '../../values/mac-address.ts'
import {
  concatenated,
  decodeAttributes,
  encodeAttributes,
  readText,
  readUint32,
  text,
  uint32,
  viewOf,
} from './attributes.ts'
import { type Message, NLM_F_CREATE, NLM_F_EXCL } from './message.ts'
import type { Request } from './socket.ts'

/** An interface as it is in the kernel, its addresses apart. */
export type KernelLink = {
  readonly index: number
  readonly name: string
  /** Null where it has none of six bytes: tunnels. */
  readonly mac: MacAddress | null
  readonly mtu: number
  /** Switched on by the administrator. */
  readonly up: boolean
  /** It has a partner that listens. */
  readonly carrier: boolean
  /** `macvlan`, `bond`, `vlan`, ...; null: a card. */
  readonly kind: string | null
  /** The interface below this one. */
  readonly parent: number | null
}

export const RTM_NEWLINK = 16
export const RTM_DELLINK = 17
const RTM_GETLINK = 18
const RTM_SETLINK = 19

/** include/uapi/linux/if_link.h */
const IFLA_ADDRESS = 1
const IFLA_IFNAME = 3
const IFLA_MTU = 4
const IFLA_LINK = 5
const IFLA_LINKINFO = 18
const IFLA_EXT_MASK = 29
const IFLA_INFO_KIND = 1
const IFLA_INFO_DATA = 2
const IFLA_MACVLAN_MODE = 1
const MACVLAN_MODE_PRIVATE = 1
/** include/uapi/linux/rtnetlink.h */
const RTEXT_FILTER_SKIP_STATS = 8
/** include/uapi/linux/if.h */
const IFF_UP = 0x1
const IFF_RUNNING = 0x40
const IFF_LOWER_UP = 0x10000

/** struct ifinfomsg */
const headerSize = 16

function header(index: number, up: boolean | null = null): Uint8Array {
  const bytes = new Uint8Array(headerSize)
  const view = viewOf(bytes)
  view.setInt32(4, index, true)
  view.setUint32(8, up === true ? IFF_UP : 0, true)
  // Which of the flags are meant.
  view.setUint32(12, up === null ? 0 : IFF_UP, true)
  return bytes
}

export const listLinks: Request = {
  op: 'RTM_GETLINK',
  target: 'all interfaces',
  type: RTM_GETLINK,
  flags: 0,
  body: concatenated([
    header(0),
    encodeAttributes([[IFLA_EXT_MASK, uint32(RTEXT_FILTER_SKIP_STATS)]]),
  ]),
}

/** Null for what is not about the interface itself, such as a bridge that lost a port. */
export function decodeLink({ body }: Message): KernelLink | null {
  if (body.length < headerSize || body[0] !== 0) return null
  const view = viewOf(body)
  const flags = view.getUint32(8, true)
  const attributes = decodeAttributes(body.subarray(headerSize))
  const mac = attributes.get(IFLA_ADDRESS)
  const info = attributes.get(IFLA_LINKINFO)
  const running = IFF_LOWER_UP | IFF_RUNNING
  return {
    index: view.getInt32(4, true),
    name: readText(attributes.get(IFLA_IFNAME)) ?? '',
    mac: mac?.length === 6 ? macAddressFrom(mac) : null,
    mtu: readUint32(attributes.get(IFLA_MTU)) ?? 0,
    up: (flags & IFF_UP) !== 0,
    // LOWER_UP goes at once when the cable is pulled, RUNNING comes when the line may be used.
    carrier: (flags & running) === running,
    kind: info === undefined ? null : readText(decodeAttributes(info).get(IFLA_INFO_KIND)),
    parent: readUint32(attributes.get(IFLA_LINK)),
  }
}

export type MacvlanWish = {
  readonly name: string
  readonly parent: number
  readonly mac: MacAddress
}

/**
 * An interface with a MAC of its own on the parent's cable (RFC 9568 7.3), still down: each frame
 * from it tells the switches that the MAC is here, and only the master may say so.
 */
export const createMacvlan = ({ name, parent, mac }: MacvlanWish): Request => ({
  op: 'RTM_NEWLINK',
  target: `${name} (macvlan on interface ${parent})`,
  type: RTM_NEWLINK,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: concatenated([
    header(0),
    encodeAttributes([
      [IFLA_IFNAME, text(name)],
      [IFLA_ADDRESS, macBytes(mac)],
      [IFLA_LINK, uint32(parent)],
      [
        IFLA_LINKINFO,
        [
          [IFLA_INFO_KIND, text('macvlan')],
          [IFLA_INFO_DATA, [[IFLA_MACVLAN_MODE, uint32(MACVLAN_MODE_PRIVATE)]]],
        ],
      ],
    ]),
  ]),
  advice: {
    EEXIST: 'There is an interface of that name: remove it, or choose another name.',
    EADDRINUSE: 'The parent has a macvlan with that MAC: does another VRRP program run?',
    EOPNOTSUPP: 'This kernel has no macvlan (CONFIG_MACVLAN).',
    ENOTSUP: 'This kernel has no macvlan (CONFIG_MACVLAN).',
    ENODEV: 'The parent is gone.',
    ERANGE: 'A name has 15 bytes at most.',
  },
})

/** Switches an interface on or off. */
export const switchLink = (index: number, up: boolean): Request => ({
  op: 'RTM_SETLINK',
  target: `interface ${index} ${up ? 'up' : 'down'}`,
  type: RTM_SETLINK,
  flags: 0,
  body: header(index, up),
  advice: { ENODEV: 'It is gone.', ENETDOWN: 'Its parent is down.' },
})

export const deleteLink = ({ name }: { readonly name: string }): Request => ({
  op: 'RTM_DELLINK',
  target: name,
  type: RTM_DELLINK,
  flags: 0,
  body: concatenated([header(0), encodeAttributes([[IFLA_IFNAME, text(name)]])]),
  advice: { ENODEV: 'It was gone already.' },
})
