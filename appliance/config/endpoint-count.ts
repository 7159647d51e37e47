import { parseAddressRange } from './address-range.ts'
import type { OddPlace } from './odd-places.ts'

/** Each is a service in the kernel. A few ranges would mean millions of them. */
export const mostEndpoints = 65_536

/** Asked before the schema makes a list of each range. Null: there are not too many. */
export function tooManyEndpoints(value: unknown): OddPlace | null {
  let count = 0
  for (const [name, service] of entriesAt(at(at(value, 'cluster'), 'services'))) {
    for (const [, written] of entriesAt(at(service, 'virtual'))) {
      count += addressesIn(written)
      if (count <= mostEndpoints) continue
      const expected = `at most ${mostEndpoints} addresses and ports in all services together`
      return { path: ['cluster', 'services', name, 'virtual'], expected }
    }
  }
  return null
}

/** What is no range of addresses the schema refuses later. */
function addressesIn(written: unknown): number {
  const text = typeof written === 'string' ? written : at(written, 'address')
  if (typeof text !== 'string' || !text.includes('-')) return 1
  return parseAddressRange(text.replace(/\]?(:\d+)?$/, '').replace('[', ''))?.length ?? 1
}

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined

const entriesAt = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []
