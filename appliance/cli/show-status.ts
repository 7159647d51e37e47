import { localTime } from '../linux/local-time.ts'
import type {
  ConfigurationStatus,
  PortStatus,
  ProcessStatus,
  ServiceSummary,
  Status,
  UpgradeStatus,
} from '../status/document.ts'
import type { TimeStatus } from '../status/time-status.ts'
import { bracketed } from '../values/endpoint-text.ts'
import { guardRows } from './show-guard.ts'
import { pairText, reportText } from './show-pair.ts'
import { showRouters } from './show-routers.ts'
import { lengthWords, table } from './table.ts'

/** The status document for people: what is wrong comes first. */
export function showStatus(status: Status): string {
  const head = `Diarch ${status.version} on ${status.hostname}: ${status.health.state}`
  const { state, why: says } = status.health
  const isTold = state === 'starting' || (state === 'ok' && says.startsWith('ok, but'))
  const why = isTold ? `  ${says}` : null
  const alarms = status.alarms.map(alarm => `  ! ${alarm.reason}: ${alarm.message}`)
  const parts = [
    [head, why, ...alarms].filter(line => line !== null).join('\n'),
    facts(status),
    table(
      ['PROCESS', 'STATE', 'SINCE', 'MEMORY', 'RESTARTS', 'WHY'],
      status.processes.map(each => processRow(each, status.now)),
    ),
  ]
  if (status.routers.length > 0) parts.splice(1, 0, showRouters(status.routers, status.now))
  if (status.services.length > 0) {
    const rows = status.services.map(each => serviceRow(each, status.now))
    parts.push(table(['SERVICE', 'STATE', 'SINCE', 'SERVERS UP', 'AT', 'WHY'], rows))
  }
  const { sync } = status.director
  if (sync !== null) {
    parts.push(`connection sync: ${sync.role} on ${sync.interface}, id ${sync.id}: ${sync.why}`)
  }
  if (status.trackers.length > 0) {
    const rows = status.trackers.map(({ name, state, why }) => [name, state, why])
    parts.push(table(['TRACKER', 'STATE', 'WHY'], rows))
  }
  if (status.ports.length > 0) {
    parts.push(table(['PORT', 'LINK', 'SPEED', 'ADDRESSES'], status.ports.map(portRow)))
  }
  return parts.join('\n\n')
}

function facts(status: Status): string {
  const { slot, memory, storage, watchdog, web, configuration, pair, guard, snmp } = status
  const rows: [string, string][] = [['up', lengthWords(status.uptimeSeconds)]]
  if (slot !== null)
    rows.push(['slot', `${slot.running.toUpperCase()}, ${slot.state}: ${slot.why}`])
  if (slot !== null && slot.upgrade !== null) rows.push(['upgrade', upgradeText(slot.upgrade)])
  const space = `${storage.freeMiB} of ${storage.totalMiB} MiB free in ${storage.path}`
  if (memory !== null) rows.push(['memory', `${memory.usedMiB} of ${memory.totalMiB} MiB used`])
  rows.push(['storage', storage.state === 'disk' ? space : `${storage.state}: ${storage.why}`])
  if (watchdog !== null) {
    const { kind, identity, timeoutSeconds } = watchdog
    rows.push(['watchdog', `${kind}, ${identity}, ${timeoutSeconds} s`])
  }
  if (status.time !== null) rows.push(['time', timeText(status.now, status.time)])
  if (configuration !== null) rows.push(['config', configurationText(configuration)])
  if (pair.state !== 'single') rows.push(['pair', pairText(pair)])
  if (guard !== null) rows.push(...guardRows(guard))
  if (pair.peer?.report) rows.push(['peer', `${pair.peer.name} ${reportText(pair.peer.report)}`])
  if (web !== null) {
    for (const url of urls(status.ports, web.port)) rows.push(['web', url])
    rows.push(['', `SHA-256 ${web.fingerprint}`])
  }
  if (snmp !== null) {
    const where = snmp.at.join(' ')
    rows.push(['snmp', snmp.state === 'listening' ? where : `${snmp.state}: ${snmp.why}`])
  }
  return rows.map(([name, value]) => `${name.padEnd(10)}${value}`.trimEnd()).join('\n')
}

function timeText(now: string, { zone, state, why, offsetMs }: TimeStatus): string {
  const off = offsetMs === null ? '' : `, ${offsetMs} ms off`
  return `${localTime(now, zone)} (${zone}), ${state}: ${why}${off}`
}

function upgradeText({ version, state, bytes, of, why }: UpgradeStatus): string {
  const isMoving = state === 'writing' || state === 'verifying'
  const far = isMoving ? `${Math.floor((bytes / of) * 100)} % ` : ''
  return `version ${version}, ${far}${state}: ${why}`
}

/** In its place nothing is said. */
const noReason = 'no reason was given'

function configurationText({ source, revision, author, why, trial }: ConfigurationStatus): string {
  const number = revision === null ? 'not in the history' : `revision ${revision}`
  const from = source === 'store' ? `${number} of ${author}` : `${source}, ${number}`
  const left = trial && `; on trial: back to revision ${trial.fallBackTo} in ${trial.secondsLeft} s`
  return `${from}${why === noReason ? '' : `: ${why}`}${left ?? ''}`
}

/** Only addresses that another machine can reach as they are: a link-local one needs a zone. */
function urls(ports: readonly PortStatus[], port: number): string[] {
  const suffix = port === 443 ? '' : `:${port}`
  const hosts = ports
    .flatMap(each => each.addresses)
    .map(address => address.split('/')[0] ?? '')
    .filter(address => address !== '' && !/^fe[89ab]/i.test(address))
  return (hosts.length === 0 ? ['localhost'] : hosts).map(
    host => `https://${bracketed(host)}${suffix}/`,
  )
}

function processRow(each: ProcessStatus, now: string): string[] {
  const since = (Date.parse(now) - Date.parse(each.since)) / 1000
  const memory = each.memoryMiB === null ? '-' : `${each.memoryMiB} MiB`
  return [each.name, each.state, lengthWords(since), memory, String(each.restarts), each.why]
}

function serviceRow(each: ServiceSummary, now: string): string[] {
  const { name, state, since, serversUp, serversTotal, at, why } = each
  const length = lengthWords((Date.parse(now) - Date.parse(since)) / 1000)
  return [name, state.toUpperCase(), length, `${serversUp} of ${serversTotal}`, at.join(' '), why]
}

function portRow(port: PortStatus): string[] {
  const speed = port.speedMbps === null ? '-' : `${port.speedMbps} Mbit/s`
  return [port.name, port.link, speed, port.addresses.join('  ') || '-']
}
