/** The checkers of a real server. A kind that keepalived has not becomes a connection. */

import { portAsked } from '../config/check-targets.ts'
import type { Path } from '../config/path.ts'
import type { Check, Document } from '../config/schema.ts'
import { asksFromHere, markOf, portOf, wholeCheck } from '../config/whole-check.ts'
import type { CheckUse, WholeServer } from '../config/whole-service.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { lackLines } from './export-check-lacks.ts'
import { commandText } from './export-command.ts'
import type { Lacks } from './export-finding.ts'
import { httpLines } from './export-http.ts'
import { type Checker, paceLines, paceOf, type Shared } from './export-pace.ts'
import { flagLine, type Line, plainWord, secondsText, unless } from './export-text.ts'
import { hexOf, replyLines } from './export-udp.ts'

export type Written = Checker & { readonly lines: readonly Line[] }

/** What checkers name and stands at the root: files and BFD sessions. */
export type Named = {
  readonly document: Document
  readonly lacks: Lacks
  /** By path: the `track_file` that names it. */
  readonly files: Map<string, string>
  readonly sessions: Map<string, Line>
}

export function checker(each: CheckUse, server: WholeServer, named: Named): Written | Line | null {
  const { lacks, document } = named
  const { use } = each
  const check = wholeCheck(document, use.check)
  if (check === undefined) return null
  if (use.throughServer === true) {
    const text = 'keepalived asks nobody through a server: ask the address of the server'
    return lacks.say(each.path, text)
  }
  const path: Path = ['cluster', 'checks', use.check]
  const keyword = keywordOf(check)
  const weight = lacks.sayIf(
    use.weight !== null || use.reverse === true,
    each.path,
    'a failure takes the server out with keepalived: a MISC_CHECK with misc_dynamic sets weights',
  )
  const pace = paceOf(keyword, check)
  const lines = [...connection(check, each, server), ...own(check, path, named, each, server)]
  return { keyword, pace, lines: [...lines, ...weight, ...lackLines(check, path, lacks)] }
}

export const checkerBlock = (written: Written, shared: Shared): Line => ({
  head: written.keyword,
  body: [...paceLines(written, shared), ...written.lines],
})

export const isWritten = (line: Written | Line): line is Written =>
  typeof line !== 'string' && 'pace' in line

function keywordOf(check: Check): string {
  switch (check.kind) {
    case 'ping':
    case 'arp':
      return 'PING_CHECK'
    case 'udp':
    case 'radius':
      return 'UDP_CHECK'
    case 'http':
      return check.tls === false ? 'HTTP_GET' : 'SSL_GET'
    case 'smtp':
      return 'SMTP_CHECK'
    case 'dns':
      return 'DNS_CHECK'
    case 'script':
      return 'MISC_CHECK'
    case 'file':
      return 'FILE_CHECK'
    case 'bfd':
      return 'BFD_CHECK'
    default:
      return 'TCP_CHECK'
  }
}

/** What its protocol has, where nobody names one. */
function usualPort(check: Check): number | undefined {
  switch (check.kind) {
    case 'http':
      return check.tls === false ? 80 : 443
    case 'ldap':
      return check.tls === false ? 389 : 636
    case 'smtp':
      return 25
    case 'dns':
      return 53
    case 'mysql':
      return 3306
    case 'postgresql':
      return 5432
    case 'redis':
      return 6379
    case 'radius':
      return 1812
    default:
      return undefined
  }
}

function portText(check: Check, { use }: CheckUse, server: WholeServer): readonly string[] {
  if (!asksFromHere(check) || portOf(check) === 'none') return []
  const usual = usualPort(check)
  const port = portAsked(check, use, server) ?? usual
  return port === undefined || port === server.at.port ? [] : [`connect_port ${port}`]
}

function connection(check: Check, each: CheckUse, server: WholeServer): readonly string[] {
  if (!asksFromHere(check) || check.kind === 'bfd') return []
  const { use } = each
  const source = use.source ?? check.source
  const way = use.interface ?? check.interface
  const mark = use.mark ?? markOf(check)
  return [
    ...(use.address === undefined ? [] : [`connect_ip ${use.address}`]),
    ...portText(check, each, server),
    ...(source === undefined ? [] : [`bindto ${source}`]),
    ...(way === undefined ? [] : [`bind_if ${way}`]),
    ...(mark === undefined ? [] : [`fwmark ${mark}`]),
  ]
}

/** What only its kind has. */
function own(
  check: Check,
  path: Path,
  named: Named,
  { use }: CheckUse,
  server: WholeServer,
): readonly Line[] {
  switch (check.kind) {
    case 'http':
      return httpLines(check, path, named.lacks)
    case 'udp':
      return udpLines(check, path, named.lacks)
    case 'smtp':
      return [`helo_name ${check.helo}`]
    case 'dns':
      return dnsLines(check, path, named.lacks)
    case 'script': {
      // 2.2.7 counts whole seconds here.
      const limit = secondsText(Math.max(1, Math.ceil(check.timeout / 1000)) * 1000)
      const user = check.user === null ? [] : [`user ${check.user}`]
      return [
        `misc_path ${commandText(check.command)}`,
        `misc_timeout ${limit}`,
        ...flagLine('misc_dynamic', check.dynamic),
        ...user,
      ]
    }
    case 'file':
      return [`track_file ${fileName(check.path, use.check, named)}`]
    case 'bfd':
      return [`name ${session(check, use, server, named)}`]
    default:
      return []
  }
}

type Of<K extends Check['kind']> = Extract<Check, { readonly kind: K }>

function udpLines({ send, expect }: Of<'udp'>, path: Path, lacks: Lacks): readonly string[] {
  const hex = send.as === 'hex' ? send.value : hexOf(send.value)
  const reply = expect === null ? [] : replyLines(expect)
  return [
    ...(hex === '' ? [] : [`payload ${hex}`]),
    ...(reply ?? ['require_reply']),
    ...lacks.sayIf(
      reply === null,
      [...path, 'expect'],
      'keepalived compares bytes, and any answer is good here: write them behind require_reply',
    ),
    ...lacks.sayIf(true, path, 'keepalived 2.2.7 does not know UDP_CHECK: take a newer one'),
  ]
}

function dnsLines(check: Of<'dns'>, path: Path, lacks: Lacks): readonly string[] {
  const { name, type, transport, expect } = check
  const known = type !== 'SRV' && type !== 'PTR'
  return [
    ...(known ? [`type ${type}`] : []),
    `name ${plainWord(name) ?? name}`,
    ...lacks.sayIf(
      !known,
      [...path, 'type'],
      `keepalived does not ask for ${type}: it is SOA here`,
    ),
    ...lacks.sayIf(transport === 'tcp', [...path, 'transport'], 'keepalived asks over UDP'),
    ...lacks.sayIf(
      expect !== null,
      [...path, 'expect'],
      'keepalived looks at no answer: let a MISC_CHECK start dig',
    ),
  ]
}

/** The document may have the file as a tracker too: then its name is the one. */
function fileName(path: string, check: string, { document, files }: Named): string {
  const known = files.get(path)
  if (known !== undefined) return known
  const { trackers } = document.cluster
  const tracked = Object.entries(trackers).find(
    ([, tracker]) => tracker.kind === 'file' && tracker.path === path,
  )
  const name = tracked?.[0] ?? check
  files.set(path, name)
  return name
}

function session(
  check: Of<'bfd'>,
  use: CheckUse['use'],
  server: WholeServer,
  { sessions }: Named,
): string {
  const neighbour: IpAddress = use.address ?? server.at.address
  const name = `${use.check}-${neighbour}`
  const source = use.source ?? check.source
  const { minTransmit, minReceive, multiplier, ttl } = check
  sessions.set(name, {
    head: `bfd_instance ${name}`,
    body: [
      `neighbor_ip ${neighbour}`,
      ...(source === undefined ? [] : [`source_ip ${source}`]),
      ...unless<number>('min_tx', minTransmit, 10),
      ...unless<number>('min_rx', minReceive, 10),
      ...unless('multiplier', multiplier, 5),
      ...unless('ttl', ttl, 255),
    ],
  })
  return name
}
