import type { Described } from './schema.ts'

const known: Readonly<Record<string, string>> = {
  cluster: 'Both boxes',
  node: 'This box',
  routers: 'Virtual routers',
  notify: 'Notifications',
  director: 'Connections',
  virtual: 'Virtual addresses and ports',
  dns: 'DNS',
  dhcp: 'DHCP',
  ipv6: 'IPv6',
  mtu: 'MTU',
  vlan: 'VLAN',
  tls: 'TLS',
  ttl: 'TTL',
  hmac: 'HMAC',
  id: 'ID',
  tcp: 'TCP',
  tcpFin: 'TCP after FIN',
  udp: 'UDP',
  snmp: 'SNMP',
  uri: 'URI',
  url: 'URL',
  ca: 'CA',
  sql: 'SQL',
  json: 'JSON',
  fifo: 'FIFO',
  virtualMac: 'Virtual MAC address',
  virtualRouterId: 'Virtual router ID',
  lacpRate: 'LACP rate',
}

/** `advertInterval` is read as `Advert interval`. */
export function label(key: string): string {
  const own = Object.hasOwn(known, key) ? known[key] : undefined
  if (own !== undefined) return own
  const words = key.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Of one thing in a list or a table: `Virtual address`, `TCP`. */
export const titleOf = ({ title }: Described): string =>
  (title ?? '').replace(/^(Alerts|Check|Fencing|Tracker): /, '')

const singular: Readonly<Record<string, string>> = { Command: 'Part', Track: 'Tracker' }

/** Of several: what one more of them is called. */
export function oneOf(name: string, each: Described): string {
  if (Object.hasOwn(singular, name)) return singular[name] ?? name
  if (!/^\w+s$/.test(name)) return titleOf(each) || name
  return /(ss|us)es$/.test(name) ? name.slice(0, -2) : name.slice(0, -1)
}

export function valueText(value: unknown): string {
  if (value === null) return 'none'
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What holds when nothing is written; null: nothing does. */
export function defaultText({ default: usual, otherwise }: Described): string | null {
  if (otherwise !== undefined) return otherwise.replaceAll('`', '')
  return usual === undefined ? null : valueText(usual)
}
