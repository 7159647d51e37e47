import { type Duration, seconds } from '../../values/duration.ts'
import { addressBytes, familyOf, type IpAddress, ipAddressFrom } from '../../values/ip-address.ts'
import { type Prefix, prefixText } from '../../values/prefix.ts'
import { AF_INET, AF_INET6 } from '../socket-address.ts'
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
import { type Message, NLM_F_CREATE, NLM_F_REPLACE } from './message.ts'
import type { Request } from './socket.ts'

/** An address as it is in the kernel. */
export type KernelAddress = {
  readonly interfaceIndex: number
  readonly prefix: Prefix
  /** IPv4 only; the interface's name unless somebody chose another. */
  readonly label: string | null
  readonly scope: AddressScope
  /** IPv6 checks for duplicates first; `duplicate` has lost. */
  readonly state: 'usable' | 'tentative' | 'duplicate'
  /** When it was read; null: for ever. */
  readonly validFor: Duration | null
  readonly preferredFor: Duration | null
  /** IFA_PROTO: who put it there; 0: nobody says. Kernels before 5.18 keep none. */
  readonly origin: number
}

export type AddressScope = 'global' | 'site' | 'link' | 'host'

/** An address as it should be. */
export type AddressWish = {
  readonly interfaceIndex: number
  readonly prefix: Prefix
  /** Null: any. */
  readonly label: string | null
  readonly scope: 'global' | 'link' | 'host'
  /** Rounded up to whole seconds, which are all that the kernel knows; null: for ever. */
  readonly lease: Duration | null
  /** Kept by the kernel, so that we know ours again after a crash. */
  readonly origin: number
  /** The box's own: IPv6 is used as a source then, and checked for duplicates first. */
  readonly isOwn?: true
}

export const RTM_NEWADDR = 20
export const RTM_DELADDR = 21
const RTM_GETADDR = 22

/** include/uapi/linux/if_addr.h */
const IFA_ADDRESS = 1
const IFA_LOCAL = 2
const IFA_LABEL = 3
const IFA_CACHEINFO = 6
const IFA_FLAGS = 8
const IFA_PROTO = 11
const IFA_F_NODAD = 0x02
const IFA_F_DADFAILED = 0x08
const IFA_F_TENTATIVE = 0x40
const forEver = 0xffffffff

/** include/uapi/linux/rtnetlink.h */
const scopes: Readonly<Record<AddressScope, number>> = {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
}

/** struct ifaddrmsg */
const headerSize = 8

function header({ address, length }: Prefix, scope: AddressScope, index: number): Uint8Array {
  const bytes = Uint8Array.of(familyNumber(address), length, 0, scopes[scope], 0, 0, 0, 0)
  viewOf(bytes).setUint32(4, index, true)
  return bytes
}

const familyNumber = (address: IpAddress): number =>
  familyOf(address) === 'inet' ? AF_INET : AF_INET6

const whole = (address: IpAddress): readonly Attribute[] => [
  [IFA_LOCAL, addressBytes(address)],
  [IFA_ADDRESS, addressBytes(address)],
]

/** Puts it there, or gives it a new lease where it is. */
export function putAddress(wish: AddressWish): Request {
  const { interfaceIndex, prefix, label, scope, lease, origin } = wish
  const isOwn = wish.isOwn === true
  const valid = lease === null ? forEver : Math.ceil(lease / seconds(1))
  const inet6 = familyOf(prefix.address) === 'inet6'
  // RFC 6724 5, rule 3: a virtual address is no source for connections of the box's own, which
  // would break when it moves. IPv4 has no such rule, there the first address of a network counts.
  const preferred = inet6 && !isOwn ? 0 : valid
  const attributes: readonly Attribute[] = [
    ...whole(prefix.address),
    ...(label === null || inet6 ? [] : [[IFA_LABEL, text(label)] as const]),
    // struct ifa_cacheinfo: preferred, valid, and two times that the kernel sets.
    [IFA_CACHEINFO, concatenated([preferred, valid, 0, 0].map(uint32))],
    // Of a virtual one nobody else may have it, or is about to lose it: waiting a second would lose
    // it to all.
    [IFA_FLAGS, uint32(inet6 && !isOwn ? IFA_F_NODAD : 0)],
    [IFA_PROTO, uint8(origin)],
  ]
  return {
    op: 'RTM_NEWADDR',
    target: describe(prefix, interfaceIndex),
    type: RTM_NEWADDR,
    flags: NLM_F_CREATE | NLM_F_REPLACE,
    body: concatenated([header(prefix, scope, interfaceIndex), encodeAttributes(attributes)]),
    advice: refusals,
  }
}

export function removeAddress(address: Pick<KernelAddress, 'interfaceIndex' | 'prefix'>): Request {
  const { interfaceIndex, prefix } = address
  return {
    op: 'RTM_DELADDR',
    target: describe(prefix, interfaceIndex),
    type: RTM_DELADDR,
    flags: 0,
    body: concatenated([
      header(prefix, 'global', interfaceIndex),
      encodeAttributes(whole(prefix.address)),
    ]),
    advice: refusals,
  }
}

const refusals: Readonly<Record<string, string>> = {
  ENODEV: 'The interface is gone; the address comes back with it.',
  EADDRNOTAVAIL: 'It was not there.',
  EACCES: 'IPv6 is switched off on the interface (sysctl net.ipv6.conf.*.disable_ipv6).',
  EPERM: 'It needs root, or the capability NET_ADMIN.',
  EINVAL: 'Check the prefix length and the label (15 bytes at most).',
}

const describe = (prefix: Prefix, index: number): string =>
  `${prefixText(prefix)} at interface ${index}`

/**
 * All addresses of all interfaces, one family after the other. Asked for all at once, the kernel
 * forgets between two families to say that the first has changed, and its last ones are missing.
 */
export const listAddresses: readonly Request[] = [AF_INET, AF_INET6].map(family => ({
  op: 'RTM_GETADDR',
  target: 'all interfaces',
  type: RTM_GETADDR,
  flags: 0,
  body: Uint8Array.from([family, ...Array<number>(headerSize - 1).fill(0)]),
}))

/** Null for families other than IP. */
export function decodeAddress({ body }: Message): KernelAddress | null {
  const family = body[0]
  if (body.length < headerSize || (family !== AF_INET && family !== AF_INET6)) return null
  const attributes = decodeAttributes(body.subarray(headerSize))
  // On a point-to-point link IFA_ADDRESS is the other end.
  const bytes = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS)
  if (bytes === undefined) return null
  const flags = readUint32(attributes.get(IFA_FLAGS)) ?? body[2] ?? 0
  const times = attributes.get(IFA_CACHEINFO)
  return {
    interfaceIndex: viewOf(body).getUint32(4, true),
    prefix: { address: ipAddressFrom(bytes), length: body[1] ?? 0 },
    label: readText(attributes.get(IFA_LABEL)),
    scope: scopeFrom(body[3] ?? 0),
    state: (flags & IFA_F_DADFAILED) !== 0 ? 'duplicate' : tentativeOr(flags, 'usable'),
    validFor: lifetime(readUint32(times?.subarray(4))),
    preferredFor: lifetime(readUint32(times)),
    origin: attributes.get(IFA_PROTO)?.[0] ?? 0,
  }
}

const tentativeOr = (flags: number, otherwise: 'usable'): 'usable' | 'tentative' =>
  (flags & IFA_F_TENTATIVE) !== 0 ? 'tentative' : otherwise

const lifetime = (read: number | null): Duration | null =>
  read === null || read === forEver ? null : seconds(read)

/** Others can be made up by hand; they are as wide as the next wider one that has a name. */
function scopeFrom(number: number): AddressScope {
  if (number >= scopes.host) return 'host'
  if (number >= scopes.link) return 'link'
  return number >= scopes.site ? 'site' : 'global'
}
