import type { Duration } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'

/** What a check asks, of each kind: the configuration's words with every default resolved. */
export type Question =
  | PingQuestion
  | ArpQuestion
  | TcpQuestion
  | UdpQuestion
  | HttpQuestion
  | SmtpQuestion
  | DnsQuestion
  | MysqlQuestion
  | PostgresqlQuestion
  | RedisQuestion
  | LdapQuestion
  | RadiusQuestion
  | GrpcQuestion
  | ScriptQuestion
  | FileQuestion
  | BfdQuestion

/** Of whom it is asked, and from where. */
export type Target = {
  readonly address: IpAddress
  /** Null: the kind's own port, or it has none. */
  readonly port: number | null
  /** Through this server: the packet goes to its MAC address with `address` as its destination. */
  readonly through: IpAddress | null
  readonly source: IpAddress | null
  readonly interface: string | null
  readonly mark: number | null
}

/** `text`: as it is; `hex`: bytes as hexadecimal digits. */
export type Payload = { readonly as: 'text' | 'hex'; readonly value: string }

/** Null verifies nothing. */
export type TlsWish = {
  /** The name in the handshake; null: none. */
  readonly serverName: string | null
  readonly verify: {
    /** The name that the certificate must be for; null: any. */
    readonly name: string | null
    /** PEM; null: the system's. */
    readonly authorities: string | null
  } | null
  /** Down when the certificate expires within so many days; null: whenever. */
  readonly leastDaysLeft: number | null
}

export type PingQuestion = { readonly kind: 'ping'; readonly size: number }

/** Of IPv6: neighbour discovery. */
export type ArpQuestion = { readonly kind: 'arp' }

export type TcpQuestion = {
  readonly kind: 'tcp'
  readonly tls: TlsWish | null
  readonly send: Payload | null
  /** A regular expression that what comes back has to match. */
  readonly expect: string | null
}

export type UdpQuestion = {
  readonly kind: 'udp'
  readonly send: Payload
  /** Null: no answer is needed, an ICMP error within the timeout is down. */
  readonly expect: string | null
}

export type HttpQuestion = {
  readonly kind: 'http'
  readonly tls: TlsWish | null
  readonly version: '1.0' | '1.1' | '2'
  readonly method: string
  /** The Host header; null: address and port. */
  readonly host: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Each of them has to pass. */
  readonly requests: readonly HttpRequest[]
}

export type HttpRequest = {
  readonly path: string
  /** Inclusive ranges of the status; empty: any. */
  readonly statuses: readonly (readonly [number, number])[]
  /** MD5 of the body as keepalived's genhash prints it. */
  readonly digest: string | null
  /** The body has to match, or must not. */
  readonly matches: string | null
  readonly matchesNot: string | null
  /** A JSON pointer and what has to be there. */
  readonly json: { readonly pointer: string; readonly equals: unknown } | null
}

export type SmtpQuestion = {
  readonly kind: 'smtp'
  /** Said in HELO. */
  readonly helo: string
  readonly startTls: TlsWish | null
}

export type DnsQuestion = {
  readonly kind: 'dns'
  readonly transport: 'udp' | 'tcp'
  readonly name: string
  /** `A`, `AAAA`, `SOA`, `NS`, `MX`, `TXT`, ... */
  readonly type: string
  /** One answer has to be this text; null: any answer without an error. */
  readonly expect: string | null
}

export type MysqlQuestion = {
  readonly kind: 'mysql'
  readonly tls: TlsWish | null
  /** Null: the server's greeting is enough. */
  readonly login: { readonly user: string; readonly password: string } | null
  /** After a login: the first value of the first row has to match `expect`. */
  readonly query: { readonly sql: string; readonly expect: string | null } | null
}

export type PostgresqlQuestion = {
  readonly kind: 'postgresql'
  readonly tls: TlsWish | null
  /** Null: an answer to the start-up message is enough, whatever it says about users. */
  readonly login: {
    readonly user: string
    readonly password: string
    readonly database: string
  } | null
  readonly query: { readonly sql: string; readonly expect: string | null } | null
}

export type RedisQuestion = {
  readonly kind: 'redis'
  readonly tls: TlsWish | null
  readonly login: { readonly user: string | null; readonly password: string } | null
  /** `master`: and INFO replication has to say so. */
  readonly role: 'any' | 'master' | 'replica'
}

export type LdapQuestion = {
  readonly kind: 'ldap'
  readonly tls: TlsWish | null
  /** Null: an anonymous bind. */
  readonly bind: { readonly dn: string; readonly password: string } | null
  /** After the bind: an entry has to be there. */
  readonly base: string | null
}

export type RadiusQuestion = {
  readonly kind: 'radius'
  readonly secret: string
  /** Null: Status-Server (RFC 5997); else Access-Request, which has to be accepted. */
  readonly login: { readonly user: string; readonly password: string } | null
}

export type GrpcQuestion = {
  readonly kind: 'grpc'
  readonly tls: TlsWish | null
  /** As in grpc.health.v1; empty: the whole server. */
  readonly service: string
}

export type ScriptQuestion = {
  readonly kind: 'script'
  /** No shell. Address and port of the server stand in its environment. */
  readonly command: readonly [string, ...string[]]
  readonly user: string | null
  /** Exit codes 2 to 255 are up, and the code less 2 is the weight (MISC_CHECK's misc_dynamic). */
  readonly dynamic: boolean
}

export type FileQuestion = {
  readonly kind: 'file'
  /** Its number is the weight; 0 is down; missing is down. */
  readonly path: string
}

export type BfdQuestion = {
  readonly kind: 'bfd'
  readonly minTransmit: Duration
  readonly minReceive: Duration
  readonly multiplier: number
  readonly ttl: number
}
