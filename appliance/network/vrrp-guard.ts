import { type Family, familyOf, type IpAddress } from '../values/ip-address.ts'
import { type FirewallService, serviceSets } from './firewall.ts'

/**
 * What reaches virtual routers and their addresses. A table of our own, beside the firewall's and
 * whatever else is there: a packet has to pass all of them.
 */

export type VrrpGuardWish = {
  readonly unicast: readonly UnicastRouter[]
  /** Virtual addresses that take nothing but what is said below (RFC 9568 6.1, Accept_Mode). */
  readonly closed: readonly IpAddress[]
  readonly services: readonly FirewallService[]
  readonly marks: readonly number[]
}

export type UnicastRouter = {
  readonly interface: string
  readonly family: Family
  readonly vrid: number
  readonly peers: readonly IpAddress[]
}

export const vrrpGuardTable = 'inet diarch_vrrp'

/** For `nft -f -`: replaces all of the table in one transaction. */
export const vrrpGuardRules = (wish: VrrpGuardWish): string => `table ${vrrpGuardTable}
delete table ${vrrpGuardTable}
table ${vrrpGuardTable} {
  counter strangers { }
  counter closed { }
${serviceSets(wish.services)}  chain closed {
${text([...open, ...marked(wish), 'counter name closed drop'])}  }
  chain input {
    type filter hook input priority filter - 10; policy accept;
    iif lo accept
${text([...wish.unicast.map(strangers), ...closed(wish)])}  }
}
`

const text = (rules: readonly string[]): string => rules.map(rule => `    ${rule}\n`).join('')

const ipWord = (family: Family): string => (family === 'inet' ? 'ip' : 'ip6')

/**
 * A few pass, and are refused by the router itself: it tells who they are. The second byte of an
 * advert is its virtual router.
 */
const strangers = ({ interface: on, family, vrid, peers }: UnicastRouter): string => {
  const ip = ipWord(family)
  const others = peers.length === 0 ? '' : `${ip} saddr != { ${peers.join(', ')} } `
  return (
    `iifname "${on}" meta nfproto ${family === 'inet' ? 'ipv4' : 'ipv6'} meta l4proto 112 ` +
    `@th,8,8 ${vrid} ${others}limit rate over 10/second counter name strangers drop`
  )
}

const closed = (wish: VrrpGuardWish): readonly string[] =>
  (['inet', 'inet6'] as const).flatMap(family => {
    const ours = wish.closed.filter(address => familyOf(address) === family)
    return ours.length === 0 ? [] : [`${ipWord(family)} daddr { ${ours.join(', ')} } goto closed`]
  })

const open = [
  'ip daddr . meta l4proto . th dport @ports4 accept',
  'ip6 daddr . meta l4proto . th dport @ports6 accept',
  'ip daddr . meta l4proto @whole4 accept',
  'ip6 daddr . meta l4proto @whole6 accept',
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
  // What a router on the way says of a balanced connection, path MTU above all.
  'icmp type { destination-unreachable, time-exceeded, parameter-problem } accept',
  'icmpv6 type { destination-unreachable, packet-too-big } accept',
  'icmpv6 type { time-exceeded, parameter-problem } accept',
  // The kernel looks at IPv6 before it puts fragments together.
  'frag frag-off != 0 accept',
]

const marked = ({ marks }: VrrpGuardWish): readonly string[] =>
  marks.length === 0 ? [] : [`meta mark { ${marks.join(', ')} } accept`]
