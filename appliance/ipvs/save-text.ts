/** An IPVS table as `ipvsadm -S -n` prints it, and `ipvsadm -R` reads it. */

import { familyOf } from '../values/ip-address.ts'
import type { Destination, Service, ServiceAt, ServiceSettings, Tunnel } from './service.ts'
import { destinationText } from './service-text.ts'

export const saveText = (services: readonly Service[]): string =>
  services
    .flatMap(({ at, settings, destinations }) => [
      `-A ${serviceWords(at)} -s ${settings.scheduler}${settingWords(at, settings)}`,
      ...destinations.map(each => `-a ${serviceWords(at)} ${destinationWords(each)}`),
    ])
    .map(line => `${line}\n`)
    .join('')

const letters = { tcp: '-t', udp: '-u', sctp: '--sctp-service' } as const

function serviceWords(at: ServiceAt): string {
  if (at.kind === 'mark') return `-f ${at.mark}${at.family === 'inet6' ? ' -6' : ''}`
  return `${letters[at.protocol]} ${destinationText(at)}`
}

function settingWords(at: ServiceAt, settings: ServiceSettings): string {
  const { persistence, onePacket, scheduler, schedulerFlags } = settings
  const words: string[] = []
  if (persistence !== null) {
    const family = at.kind === 'mark' ? at.family : familyOf(at.address)
    const { seconds, prefixLength, engine } = persistence
    words.push(`-p ${seconds}`)
    if (prefixLength !== (family === 'inet' ? 32 : 128)) {
      words.push(`-M ${family === 'inet' ? netmask(prefixLength) : prefixLength}`)
    }
    if (engine !== null) words.push(`--pe ${engine}`)
  }
  if (onePacket) words.push('-o')
  if (schedulerFlags.length > 0) {
    words.push(`-b ${schedulerFlags.map(flag => flagWord(scheduler, flag)).join(',')}`)
  }
  return words.map(word => ` ${word}`).join('')
}

function flagWord(scheduler: string, flag: 1 | 2 | 3): string {
  if ((scheduler !== 'sh' && scheduler !== 'mh') || flag === 3) return `flag-${flag}`
  return `${scheduler}-${flag === 1 ? 'fallback' : 'port'}`
}

/** 24 is 255.255.255.0. */
export const netmask = (bits: number): string =>
  [0, 8, 16, 24].map(from => 256 - 2 ** (8 - Math.min(8, Math.max(0, bits - from)))).join('.')

/** ipvsadm reads the thresholds (-x, -y), and forgets them when it saves. */
function destinationWords({ at, settings }: Destination): string {
  const { forwarding, weight, upper, lower } = settings
  const words = [`-r ${destinationText(at)}`, methods[forwarding.method], `-w ${weight}`]
  if (forwarding.method === 'tunnel') words.push(tunnelWords(forwarding.tunnel))
  if (upper !== 0) words.push(`-x ${upper}`)
  if (lower !== 0) words.push(`-y ${lower}`)
  return words.join(' ')
}

const methods = { nat: '-m', direct: '-g', tunnel: '-i' } as const

const checksums = { none: '--tun-nocsum', full: '--tun-csum', remote: '--tun-remcsum' } as const

function tunnelWords(tunnel: Tunnel): string {
  switch (tunnel.type) {
    case 'ipip':
      return '--tun-type ipip'
    case 'gre':
      return `--tun-type gre ${checksums[tunnel.checksum]}`
    case 'gue':
      return `--tun-type gue --tun-port ${tunnel.port} ${checksums[tunnel.checksum]}`
  }
}
