import type { Destination, Forwarding, Service } from '../ipvs/service.ts'

/** Of one service, whose own settings change with the configuration only. */
export const isSameTable = (a: readonly Service[], b: readonly Service[]): boolean =>
  a.length === b.length && a.every(({ destinations }, index) => sameRow(destinations, b[index]))

const sameRow = (a: readonly Destination[], b: Service | undefined): boolean =>
  b !== undefined &&
  a.length === b.destinations.length &&
  a.every((each, index) => {
    const other = b.destinations[index]
    return other !== undefined && isSameDestination(each, other)
  })

/** By its fields: ten thousand of them are compared after a reload. */
export function isSameDestination(a: Destination, b: Destination): boolean {
  if (a === b) return true
  const [one, other] = [a.settings, b.settings]
  return (
    a.at.address === b.at.address &&
    a.at.port === b.at.port &&
    one.weight === other.weight &&
    one.upper === other.upper &&
    one.lower === other.lower &&
    sameForwarding(one.forwarding, other.forwarding)
  )
}

const sameForwarding = (a: Forwarding, b: Forwarding): boolean =>
  a === b ||
  (a.method === b.method && (a.method !== 'tunnel' || JSON.stringify(a) === JSON.stringify(b)))
