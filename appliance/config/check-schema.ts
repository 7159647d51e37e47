import * as z from 'zod'
import { account, hostName, payload, regularExpression, text } from './check-leaves.ts'
import { http } from './http-check-schema.ts'
import { absolutePath, choice, command, duration, flag, integer, user } from './leaves.ts'
import { ldap, mysql, postgresql, radius, redis } from './login-check-schema.ts'
import { key } from './meta.ts'
import { from, fromCable, pace, port, unasked } from './pace-schema.ts'
import { tls } from './tls-schema.ts'

const quick = pace('2s', '1s')
const slow = pace('5s', '3s')

const expect = (what: string) => key(regularExpression.nullable().prefault(null), what)

const ping = z
  .strictObject({
    kind: key(z.literal('ping'), 'An ICMP echo.', { keepalived: ['PING_CHECK'] }),
    size: key(integer(0, 1400).prefault(56), 'Bytes that have to come back.'),
    ...from,
    ...quick,
  })
  .meta({ id: 'pingCheck', title: 'Check: ping' })

const arp = z
  .strictObject({
    kind: key(
      z.literal('arp'),
      'Who has the address? Asked by ARP of IPv4, by neighbour discovery of IPv6, and only an ' +
        'answer on that cable counts. For a neighbour that answers no ping, such as many gateways.',
    ),
    ...fromCable,
    ...quick,
  })
  .meta({ id: 'arpCheck', title: 'Check: ARP' })

const tcp = z
  .strictObject({
    kind: key(z.literal('tcp'), 'A connection.', { keepalived: ['TCP_CHECK'] }),
    tls: key(tls, 'And a TLS handshake on it.'),
    send: key(payload.nullable().prefault(null), 'And then this is sent.'),
    expect: expect('What comes back has to match. `null`: nothing is awaited.'),
    ...port,
    ...from,
    ...quick,
  })
  .meta({ id: 'tcpCheck', title: 'Check: TCP' })

const udp = z
  .strictObject({
    kind: key(z.literal('udp'), 'A datagram.', { keepalived: ['UDP_CHECK'] }),
    send: key(payload.prefault(''), 'What is in it.', { keepalived: ['payload'] }),
    expect: key(
      regularExpression.nullable().prefault(null),
      'The answer has to match. `null`: none is needed, only an ICMP error is a failure.',
      { keepalived: ['require_reply'] },
    ),
    ...port,
    ...from,
    ...quick,
  })
  .meta({ id: 'udpCheck', title: 'Check: UDP' })

const smtp = z
  .strictObject({
    kind: key(z.literal('smtp'), 'Greeting, HELO, QUIT.', { keepalived: ['SMTP_CHECK'] }),
    helo: key(hostName.prefault('localhost'), 'Who we say we are.', { keepalived: ['helo_name'] }),
    startTls: key(tls, 'And STARTTLS.'),
    ...port,
    ...from,
    ...slow,
  })
  .meta({ id: 'smtpCheck', title: 'Check: SMTP' })

const dns = z
  .strictObject({
    kind: key(z.literal('dns'), 'A query.', { keepalived: ['DNS_CHECK'] }),
    transport: key(choice('udp', 'tcp').prefault('udp'), 'How it travels.'),
    name: key(account.prefault('.'), 'What is asked for.'),
    type: key(
      choice('A', 'AAAA', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'SRV', 'PTR').prefault('SOA'),
      'Of the record.',
    ),
    expect: key(
      account.nullable().prefault(null),
      'One answer has to be this text. `null`: any answer without an error.',
    ),
    ...port,
    ...from,
    ...slow,
  })
  .meta({ id: 'dnsCheck', title: 'Check: DNS' })

const grpc = z
  .strictObject({
    kind: key(z.literal('grpc'), 'grpc.health.v1 says SERVING.'),
    service: key(text.prefault(''), 'Of which service. Empty: the whole server.'),
    tls: key(tls, 'The connection is encrypted.'),
    ...port,
    ...from,
    ...slow,
  })
  .meta({ id: 'grpcCheck', title: 'Check: gRPC' })

const script = z
  .strictObject({
    kind: key(z.literal('script'), 'A program that looks.', { keepalived: ['MISC_CHECK'] }),
    command: key(
      command,
      'It ends with 0 for up. No shell reads it. Address and port of the server stand in its ' +
        'environment.',
      { keepalived: ['misc_path'] },
    ),
    user: key(
      user.nullable().prefault(null),
      'Who runs it. `null`: the account that Diarch runs as.',
      { keepalived: ['user', 'script_user'] },
    ),
    dynamic: key(
      flag.prefault(false),
      'Exit codes 2 to 255 are up too, and the code less 2 is the weight.',
      { keepalived: ['misc_dynamic'] },
    ),
    ...port,
    ...slow,
  })
  .meta({ id: 'scriptCheck', title: 'Check: script' })

const file = z
  .strictObject({
    kind: key(z.literal('file'), 'A file with a whole number in it.', {
      keepalived: ['FILE_CHECK'],
    }),
    path: key(absolutePath, 'Its number is the weight; 0, or no such file, is down.', {
      keepalived: ['track_file'],
    }),
    ...quick,
  })
  .meta({ id: 'fileCheck', title: 'Check: file' })

const bfd = z
  .strictObject({
    kind: key(z.literal('bfd'), 'A session of BFD (RFC 5880), asynchronous.', {
      keepalived: ['BFD_CHECK', 'bfd_instance'],
    }),
    minTransmit: key(duration('10ms', '10s').prefault('300ms'), 'How often we send, at most.', {
      keepalived: ['min_tx'],
    }),
    minReceive: key(duration('10ms', '10s').prefault('300ms'), 'How often we take one, at most.', {
      keepalived: ['min_rx'],
    }),
    multiplier: key(integer(2, 255).prefault(3), 'So many lost in a row are a failure.', {
      keepalived: ['multiplier'],
    }),
    ttl: key(integer(1, 255).prefault(255), 'Of our packets; 255 is one hop (RFC 5881).', {
      keepalived: ['ttl', 'hoplimit'],
    }),
    ...from,
    ...unasked,
  })
  .meta({ id: 'bfdCheck', title: 'Check: BFD' })

const kinds = [
  ping,
  arp,
  tcp,
  udp,
  http,
  smtp,
  dns,
  mysql,
  postgresql,
  redis,
  ldap,
  radius,
  grpc,
  script,
  file,
  bfd,
] as const

const kindText = kinds.map(({ shape }) => JSON.stringify(shape.kind.value)).join(' or ')

export const check = z
  .discriminatedUnion('kind', kinds, { error: kindText })
  .meta({ expected: 'a check' })
