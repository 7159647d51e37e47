/** `virtual_server` and its group. */

import type { Path } from '../config/path.ts'
import type { Service } from '../config/schema.ts'
import type { WholeServer, WholeService } from '../config/whole-service.ts'
import { netmask } from '../ipvs/save-text.ts'
import { checker, checkerBlock, isWritten, type Named, type Written } from './export-check.ts'
import { hookLines } from './export-command.ts'
import { endpointLines, type Part, partsOf } from './export-endpoints.ts'
import type { Lacks } from './export-finding.ts'
import { type Shared, sharedPace } from './export-pace.ts'
import { flagLine, type Line, secondsText, unless } from './export-text.ts'

export function serviceBlocks(whole: WholeService, named: Named): readonly Line[] {
  const { lacks } = named
  const { name, path } = whole
  const parts = partsOf(whole)
  const several = 'keepalived has one protocol and one family in a virtual server: here are several'
  const checks = whole.servers.map(server => checkersOf(server, named))
  const shared = sharedPace(checks.flat().filter(isWritten))
  const blocks = parts.flatMap((part, index): readonly Line[] => {
    const lines = endpointLines(part)
    const [only = ''] = lines
    const group = index === 0 ? name : `${name}-${part.protocol}-${part.family}`
    const grouped = lines.length > 1 || only.includes('-')
    const body = virtualBody(whole, part, { checks, shared }, lacks)
    return [
      ...(grouped ? [{ head: `virtual_server_group ${group}`, body: lines }] : []),
      { head: `virtual_server ${grouped ? `group ${group}` : only}`, body },
    ]
  })
  return [
    `# ${name}`,
    ...lacks.sayIf(parts.length > 1, [...path, 'virtual'], `${several}, each with its own checks`),
    ...blocks,
  ]
}

type Checked = {
  /** Of each server. */
  readonly checks: readonly (readonly (Written | Line)[])[]
  readonly shared: Shared
}

const checkersOf = (server: WholeServer, named: Named): readonly (Written | Line)[] =>
  server.uses.flatMap(use => checker(use, server, named) ?? [])

function virtualBody(
  whole: WholeService,
  part: Part,
  { checks, shared }: Checked,
  lacks: Lacks,
): readonly Line[] {
  const { service, servers, path } = whole
  const { quorum, hysteresis } = service
  const family = part.endpoints.find(({ at }) => at.kind === 'mark')?.family
  const inhibits = service.inhibit && servers.every(({ inhibit }) => inhibit)
  return [
    // A mark has none, and keepalived complains of it.
    ...(family === undefined ? [`protocol ${part.protocol.toUpperCase()}`] : []),
    ...(family === 'inet6' ? ['ip_family inet6'] : []),
    `lb_algo ${service.scheduler}`,
    ...service.schedulerFlags,
    `lb_kind ${forwardingText(service.forwarding)}`,
    ...flagLine('ops', service.onePacket),
    ...persistenceLines(service, part),
    ...shared.lines,
    ...flagLine('inhibit_on_failure', inhibits),
    ...unless('quorum', quorum, 1),
    ...unless('hysteresis', hysteresis, 0),
    ...hooks('quorum_up', service.notifyUp, [...path, 'notifyUp'], lacks),
    ...hooks('quorum_down', service.notifyDown, [...path, 'notifyDown'], lacks),
    ...sorryLines(whole),
    ...servers.map((server, index) =>
      serverBlock(server, whole, { uses: checks[index] ?? [], shared, inhibits }, lacks),
    ),
    ...lackLines(whole, lacks),
  ]
}

const hooks = (
  keyword: string,
  hook: Service['notifyUp'],
  path: Path,
  lacks: Lacks,
): readonly string[] => (hook === null ? [] : hookLines(keyword, hook, path, lacks))

function forwardingText(written: Service['forwarding']): string {
  switch (written) {
    case 'nat':
      return 'NAT'
    case 'direct':
      return 'DR'
    case 'tunnel':
      return 'TUN'
    default: {
      const { tunnel, port, checksum } = written
      const words = { none: '', full: ' csum', remote: ' remcsum' }
      return `TUN type ${tunnel}${port === undefined ? '' : ` port ${port}`}${words[checksum]}`
    }
  }
}

function persistenceLines({ persistence }: Service, { family }: Part): readonly string[] {
  if (persistence === null) return []
  const { time, engine } = persistence
  const bits = 'granularity' in persistence ? persistence.granularity : undefined
  return [
    `persistence_timeout ${secondsText(time)}`,
    ...(bits === undefined
      ? []
      : [`persistence_granularity ${family === 'inet' ? netmask(bits) : bits}`]),
    ...(engine === null ? [] : [`persistence_engine ${engine}`]),
  ]
}

function sorryLines({ service, sorry }: WholeService): readonly string[] {
  const { sorryServer: written } = service
  if (written === null || sorry === null) return []
  const { address, port } = sorry.at
  const own = 'forwarding' in written ? written.forwarding : undefined
  return [
    `sorry_server ${address}${sorry.portWritten ? ` ${port}` : ''}`,
    ...flagLine('sorry_server_inhibit', sorry.inhibit),
    ...(own === undefined ? [] : [`sorry_server_lvs_method ${forwardingText(own)}`]),
  ]
}

type Around = {
  readonly uses: readonly (Written | Line)[]
  readonly shared: Shared
  /** The virtual server says so. */
  readonly inhibits: boolean
}

function serverBlock(
  whole: WholeServer,
  { service }: WholeService,
  { uses, shared, inhibits }: Around,
  lacks: Lacks,
): Line {
  const { at, server, path, name } = whole
  const written = service.servers[name]
  const own = written !== undefined && 'forwarding' in written ? written.forwarding : undefined
  const inhibit = written !== undefined && 'inhibit' in written ? written.inhibit : undefined
  return {
    head: `real_server ${at.address}${at.port === 0 ? '' : ` ${at.port}`}`,
    body: [
      ...unless('weight', server.weight, 1),
      ...(own === undefined ? [] : [`lvs_method ${forwardingText(own)}`]),
      ...unless('uthreshold', server.upper, 0),
      ...unless('lthreshold', server.lower, 0),
      ...flagLine('inhibit_on_failure', inhibit === true || (whole.inhibit && !inhibits)),
      ...hooks('notify_up', server.notifyUp, [...path, 'notifyUp'], lacks),
      ...hooks('notify_down', server.notifyDown, [...path, 'notifyDown'], lacks),
      ...uses.map(use => (isWritten(use) ? checkerBlock(use, shared) : use)),
    ],
  }
}

function lackLines({ service, path }: WholeService, lacks: Lacks): readonly string[] {
  const { panicBelow, slowStart, drainLimit, servers } = service
  const says = (so: boolean, key: string, text: string) => lacks.sayIf(so, [...path, key], text)
  return [
    ...says(panicBelow !== 0, 'panicBelow', 'keepalived has none: every failure counts'),
    ...says(
      slowStart !== null,
      'slowStart',
      'keepalived has none: a server has its whole weight at once',
    ),
    ...says(
      drainLimit !== 300_000,
      'drainLimit',
      'keepalived has none: set the weight to 0 and wait before you take a server out',
    ),
    ...says(
      Object.keys(servers).length === 0,
      'servers',
      'keepalived leaves out a virtual server without any',
    ),
  ]
}
