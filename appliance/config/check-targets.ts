import type { Target } from '../health/question.ts'
import type { DestinationAt } from '../ipvs/service.ts'
import { familyOf, type IpAddress } from '../values/ip-address.ts'
import type { Check } from './schema.ts'
import { asksFromHere, markOf, portOf } from './whole-check.ts'
import type { CheckUse, Endpoint, WholeServer } from './whole-service.ts'

/** Of whom a check of a server asks: one target, or through the server one for each endpoint. */
export function checkTargets(
  check: Check,
  { use }: CheckUse,
  server: WholeServer,
  endpoints: readonly Endpoint[],
): readonly Target[] {
  const from = fromOf(check, use)
  if (use.throughServer === true) {
    const through = server.at.address
    return endpointsThrough(server, endpoints, use.port).map(at => ({ ...from, ...at, through }))
  }
  const address = use.address ?? server.at.address
  return [{ ...from, address, port: portAsked(check, use, server), through: null }]
}

/** Those that a TCP connection through the server can be tried to. */
export const endpointsThrough = (
  { at: { address } }: WholeServer,
  endpoints: readonly Endpoint[],
  written: number | undefined,
): readonly DestinationAt[] =>
  endpoints.flatMap(({ at }) => {
    if (at.kind === 'mark' || at.protocol !== 'tcp') return []
    const port = written ?? at.port
    return port === 0 || !sameFamily(at.address, address) ? [] : [{ address: at.address, port }]
  })

const sameFamily = (a: IpAddress, b: IpAddress): boolean => familyOf(a) === familyOf(b)

/** Null: the kind's own, or none. */
export function portAsked(
  check: Check,
  use: CheckUse['use'],
  { at }: Pick<WholeServer, 'at'>,
): number | null {
  if (portOf(check) === 'none') return null
  const written = use.port ?? ('port' in check ? check.port : undefined)
  return written ?? (at.port === 0 ? null : at.port)
}

export function fromOf(
  check: Check,
  use: CheckUse['use'],
): Pick<Target, 'source' | 'interface' | 'mark'> {
  if (!asksFromHere(check)) return { source: null, interface: null, mark: null }
  return {
    source: use.source ?? check.source ?? null,
    interface: use.interface ?? check.interface ?? null,
    mark: use.mark ?? markOf(check) ?? null,
  }
}
