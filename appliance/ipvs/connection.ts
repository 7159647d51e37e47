import { type IpAddress, ipAddressFrom, parseIpAddress } from '../values/ip-address.ts'

export type ConnectionEnd = { readonly address: IpAddress; readonly port: number }

/** One line of /proc/net/ip_vs_conn or ip_vs_conn_sync. */
export type Connection = {
  /** `ip`: a template of persistence for all ports of a client. */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'ip' | (string & {})
  readonly client: ConnectionEnd
  /** Of a template of a marked service: the mark as an address. */
  readonly virtual: ConnectionEnd
  readonly server: ConnectionEnd
  /** ESTABLISHED, TIME_WAIT, NONE, ... */
  readonly state: string
  readonly expiresInSeconds: number
  /** Null where the file does not say. */
  readonly origin: 'local' | 'sync' | null
  /** What a persistence engine knows it by: a SIP call. */
  readonly engine: { readonly name: string; readonly data: string } | null
}

/** The same on both boxes; where it goes is part of it, or nothing would be kept. */
export const connectionKey = ({ protocol, client, virtual, server }: Connection): string =>
  [protocol, ...[client, virtual, server].map(({ address, port }) => `${address} ${port}`)].join(
    ' ',
  )

/** Null for the line of titles, and for anything else that is no connection. */
export function parseConnection(line: string): Connection | null {
  const [protocol = '', ...fields] = line.trimEnd().split(/ +/)
  const [client, virtual, server] = [0, 2, 4].map(at => parseEnd(fields[at], fields[at + 1]))
  const [, , , , , , state, ...rest] = fields
  if (!client || !virtual || !server || state === undefined) return null
  const origin = rest[0] === 'LOCAL' ? 'local' : rest[0] === 'SYNC' ? 'sync' : null
  const [expires = '', name, ...data] = origin === null ? rest : rest.slice(1)
  if (!/^\d+$/.test(expires)) return null
  return {
    protocol: protocol.toLowerCase(),
    client,
    virtual,
    server,
    state,
    expiresInSeconds: Number(expires),
    origin,
    engine: name === undefined ? null : { name, data: data.join(' ') },
  }
}

function parseEnd(address: string | undefined, port: string | undefined): ConnectionEnd | null {
  if (address === undefined || port === undefined || !/^[\dA-F]{4}$/.test(port)) return null
  const parsed = parseAddress(address)
  return parsed === null ? null : { address: parsed, port: Number.parseInt(port, 16) }
}

/** `C0000201`, or an IPv6 address with all of its zeros. */
function parseAddress(text: string): IpAddress | null {
  if (text.includes(':')) return parseIpAddress(text)
  if (!/^[\dA-F]{8}$/.test(text)) return null
  const number = Number.parseInt(text, 16)
  return ipAddressFrom(Uint8Array.from([24, 16, 8, 0], shift => (number >>> shift) & 0xff))
}
