/** What the wizard asks about the time of day. */

import { nearest } from '../config/near.ts'
import type { TimePart } from '../config/parts.ts'
import { timeServer, timeZone } from '../config/time-schema.ts'

export const zoneHelp = ['Times are shown in it. A continent and a city, such as Europe/Berlin.']

export const timeServersHelp = (address: string): readonly string[] => [
  'By NTP. Their addresses or names, with blanks between them.',
  address === 'dhcp'
    ? 'Enter alone: those that DHCP names.'
    : 'Names need DNS servers, which the page asks for. Enter alone: none so far.',
]

export function zoneError(text: string): string | null {
  if (timeZone.safeParse(text).success) return null
  const near = nearZone(text)
  const hint =
    near === null ? 'expected one such as Europe/Berlin, or UTC' : `did you mean ${near}?`
  return `"${text}" is no time zone: ${hint}${near === null ? '.' : ''}`
}

/** Also by the city alone: its part after the last "/". */
function nearZone(text: string): string | null {
  const names = Intl.supportedValuesOf('timeZone')
  const cities = new Map(names.map(name => [name.slice(name.lastIndexOf('/') + 1), name]))
  const city = nearest(text, cities.keys())
  return nearest(text, names) ?? (city === null ? null : (cities.get(city) ?? null))
}

const mostServers = 8

export function timeServersError(text: string): string | null {
  const servers = wordsOf(text)
  const bad = servers.find(each => !timeServer.safeParse(each).success)
  if (bad !== undefined) {
    return `"${bad}" is no time server: expected a name such as ntp.example.com, or an address.`
  }
  return servers.length > mostServers ? `${mostServers} time servers at most.` : null
}

/** Undefined where nothing is said: as the configuration's schema has it. */
export function timeFrom(zone = 'UTC', typed = ''): TimePart | undefined {
  const servers = wordsOf(typed)
  if (zone === 'UTC' && servers.length === 0) return undefined
  return { zone, ...(servers.length > 0 && { servers }) }
}

/** What the summary says of it. */
export function timeText({ zone, servers = [] }: TimePart, address: unknown): string {
  if (servers.length > 0) return `${zone}, from ${servers.join(', ')}`
  return address === 'dhcp'
    ? `${zone}, from the servers that DHCP names`
    : `${zone}, no time server`
}

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)
