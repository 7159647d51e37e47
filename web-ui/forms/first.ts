import type { Described } from './schema.ts'

/** By the titles of the objects, in this order: what most people set. */
const firstKeys: Readonly<Record<string, readonly string[]>> = {
  Service: ['virtual', 'servers', 'checks', 'forwarding', 'scheduler', 'protocol'],
  Server: ['address', 'port', 'weight'],
  'Sorry server': ['address', 'port'],
  'Virtual endpoint': ['address', 'port'],
  'Virtual router': [
    ...['interface', 'virtualRouterId', 'virtualAddresses'],
    ...['priority', 'authentication', 'track'],
  ],
  'Virtual router on this box': ['priority', 'interface', 'source'],
  'Check on this box': ['source', 'interface'],
  'Check: HTTP': ['path', 'statuses', 'host', 'tls', 'port', 'interval'],
  'Check: TCP': ['port', 'interval', 'timeout'],
  'Check: ping': ['interval', 'timeout'],
  Authentication: ['hmac', 'password'],
  Interface: ['addresses', 'dhcp', 'ipv6'],
  Network: ['interfaces', 'routes', 'dns'],
  DNS: ['servers'],
  Notify: ['hooks'],
  Director: ['sync', 'timeouts'],
  'Director on this box': ['sync'],
  'Connection sync': ['interface'],
  Timeouts: ['tcp', 'tcpFin', 'udp'],
  Persistence: ['time'],
  Firewall: ['enabled', 'management'],
  Management: ['interfaces', 'networks'],
  Unicast: ['peers'],
}

/** What a form shows at once, and in which order; the rest is asked for. */
export function firstOf(
  { title = '', required = [] }: Described,
  keys: readonly string[],
  isSet: (key: string) => boolean,
): readonly string[] {
  const usual = (Object.hasOwn(firstKeys, title) ? firstKeys[title] : undefined) ?? []
  const others = keys.filter(key => !usual.includes(key))
  const isFirst = (key: string): boolean =>
    title === 'General' || required.includes(key) || isSet(key)
  const found = [...usual.filter(key => keys.includes(key)), ...others.filter(isFirst)]
  return found.length === 0 ? keys : found
}

/** By the keys of the tables: what a new entry begins with. */
const begins: Readonly<Record<string, { readonly stem: string; readonly entry: unknown }>> = {
  services: { stem: 'service', entry: { virtual: [''], servers: { server1: '', server2: '' } } },
  checks: { stem: 'check', entry: { kind: 'tcp' } },
  routers: { stem: 'VI_', entry: { virtualAddresses: [''] } },
  syncGroups: { stem: 'group', entry: { routers: [''] } },
  trackers: { stem: 'tracker', entry: { kind: 'interface' } },
}

export const beginning = (key: string): { readonly stem: string; readonly entry: unknown } =>
  (Object.hasOwn(begins, key) ? begins[key] : undefined) ?? { stem: 'entry', entry: {} }
