import { type Family, familyOf, type IpAddress } from '../values/ip-address.ts'
import type { Prefix } from '../values/prefix.ts'
import { prefixText } from '../values/prefix.ts'

/**
 * What may come in to the box itself. Without connection tracking: that would cost every packet of
 * every balanced connection an entry in a second table. So "answers to what the box asks" are TCP
 * segments that open no connection, and UDP to the ports that only clients have.
 */

export type FirewallWish = {
  readonly services: readonly FirewallService[]
  readonly marks: readonly number[]
  /** UDP, the first and the last; null: no connection sync. */
  readonly syncPorts: readonly [number, number] | null
  /** UDP ports: whoever speaks there has to sign it. */
  readonly heartbeats: readonly number[]
  readonly bfd: boolean
  readonly webPort: number
  /** Whoever connects has to prove who he is. */
  readonly pairPort: number
  /** Null: nobody may ask. */
  readonly snmp: (From & { readonly port: number }) | null
  readonly management: From
}

/** Empty: by every one, from everywhere. */
type From = { readonly interfaces: readonly string[]; readonly networks: readonly Prefix[] }

export type FirewallService = {
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly address: IpAddress
  /** 0: every one. */
  readonly port: number
}

export const firewallTable = 'inet diarch_firewall'

const protocolNumber = { tcp: 6, udp: 17, sctp: 132 } as const

/** For `nft -f -`: replaces all of the table in one transaction. */
export const firewallRules = (wish: FirewallWish): string => `table ${firewallTable}
delete table ${firewallTable}
table ${firewallTable} {
  counter refused { }
${serviceSets(wish.services)}  chain input {
    type filter hook input priority filter; policy drop;
${rules(wish)
  .map(rule => `    ${rule}\n`)
  .join('')}  }
}
`

const typeOf = { inet: 'ipv4_addr', inet6: 'ipv6_addr' } as const
const suffix = { inet: '4', inet6: '6' } as const

/** Sets, not rules: with a thousand services a packet is looked up once. */
export const serviceSets = (services: readonly FirewallService[]): string =>
  (['inet', 'inet6'] as const).map(family => sets(family, services)).join('')

function sets(family: Family, services: readonly FirewallService[]): string {
  const ours = services.filter(({ address }) => familyOf(address) === family)
  const ported = ours
    .filter(({ port }) => port !== 0)
    .map(({ protocol, address, port }) => `${address} . ${protocolNumber[protocol]} . ${port}`)
  const whole = ours
    .filter(({ port }) => port === 0)
    .map(({ protocol, address }) => `${address} . ${protocolNumber[protocol]}`)
  return (
    set(`ports${suffix[family]}`, `${typeOf[family]} . inet_proto . inet_service`, ported) +
    set(`whole${suffix[family]}`, `${typeOf[family]} . inet_proto`, whole)
  )
}

function set(name: string, type: string, elements: readonly string[]): string {
  const all = [...new Set(elements)].sort()
  const list = all.length === 0 ? '' : ` elements = { ${all.join(', ')} };`
  return `  set ${name} { type ${type};${list} }\n`
}

const rules = (wish: FirewallWish): readonly string[] => [
  'iif lo accept',
  'tcp flags & (syn | ack) != syn accept',
  'ip daddr . meta l4proto . th dport @ports4 accept',
  'ip6 daddr . meta l4proto . th dport @ports6 accept',
  'ip daddr . meta l4proto @whole4 accept',
  'ip6 daddr . meta l4proto @whole6 accept',
  ...(wish.marks.length === 0 ? [] : [`meta mark { ${wish.marks.join(', ')} } accept`]),
  // ICMP, IGMP (switches ask who wants the adverts), ICMPv6 with neighbour discovery, VRRP.
  'meta l4proto { 1, 2, 58, 112 } accept',
  'udp sport 67 udp dport 68 accept',
  // net.ipv4.ip_local_port_range, where nothing here listens.
  'udp dport 32768-60999 accept',
  // The kernel looks at IPv6 before it puts fragments together; without the first it never does.
  'frag frag-off != 0 accept',
  `tcp dport ${wish.pairPort} accept`,
  // "Who shows a pairing code?": somebody listens only while this box does.
  `udp dport ${wish.pairPort} accept`,
  ...(wish.syncPorts === null ? [] : [`udp dport ${wish.syncPorts.join('-')} accept`]),
  ...(wish.heartbeats.length === 0 ? [] : [`udp dport { ${wish.heartbeats.join(', ')} } accept`]),
  ...(wish.bfd ? ['udp dport { 3784, 4784 } accept'] : []),
  ...rulesFrom(wish.management, `tcp dport ${wish.webPort}`),
  ...(wish.snmp === null ? [] : rulesFrom(wish.snmp, `udp dport ${wish.snmp.port}`)),
  'counter name refused',
]

function rulesFrom({ interfaces, networks }: From, what: string): readonly string[] {
  const by = interfaces.length === 0 ? '' : `iifname { ${interfaces.map(quoted).join(', ')} } `
  const from = (['inet', 'inet6'] as const).flatMap(family => {
    const ours = networks.filter(({ address }) => familyOf(address) === family)
    const word = family === 'inet' ? 'ip' : 'ip6'
    return ours.length === 0 ? [] : [`${word} saddr { ${ours.map(prefixText).join(', ')} } `]
  })
  const sources = networks.length === 0 ? [''] : from
  return sources.map(source => `${by}${source}${what} accept`)
}

const quoted = (name: string): string => `"${name}"`
