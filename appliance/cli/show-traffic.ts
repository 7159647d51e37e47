import type { Traffic } from '../ipvs/service.ts'
import type { ServiceTraffic } from '../status/service-answers.ts'
import { table } from './table.ts'

/** As `ipvsadm -Ln --stats` and `--rate` do, with the names of the configuration. */
export function showTraffic(services: readonly ServiceTraffic[], what: 'stats' | 'rate'): string {
  if (services.length === 0) return 'the configuration names no services'
  const rows = services.flatMap(({ service, at, traffic, servers }) => [
    [service, at, '', '', '', ...figures(traffic, what)],
    ...servers.map(server => [
      `  -> ${server.name}`,
      server.at,
      String(server.weight),
      String(server.active),
      String(server.inactive),
      ...figures(server.traffic, what),
    ]),
  ])
  const per = what === 'rate' ? '/s' : ''
  const heading = ['NAME', 'AT', 'WEIGHT', 'ACTIVE', 'INACTIVE', `CONNS${per}`]
  const more = [`PACKETS IN${per}`, `OUT${per}`, `BYTES IN${per}`, `OUT${per}`]
  return table([...heading, ...more], rows)
}

function figures(traffic: Traffic | null, what: 'stats' | 'rate'): string[] {
  if (traffic === null) return ['not in the table', '', '', '', '']
  const numbers =
    what === 'stats'
      ? [
          traffic.connections,
          traffic.packetsIn,
          traffic.packetsOut,
          traffic.bytesIn,
          traffic.bytesOut,
        ]
      : [
          traffic.connectionsPerSecond,
          traffic.packetsInPerSecond,
          traffic.packetsOutPerSecond,
          traffic.bytesInPerSecond,
          traffic.bytesOutPerSecond,
        ]
  return numbers.map(short)
}

const units = ['', 'K', 'M', 'G', 'T', 'P']

/** Three digits at least, as ipvsadm does: `12345`, `123K`. */
function short(number: number): string {
  let [value, unit] = [number, 0]
  while (value >= 100_000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${Math.floor(value)}${units[unit]}`
}
