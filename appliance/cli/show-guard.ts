import type { GuardStatus } from '../status/guard-status.ts'

/** What the boxes say to each other beside VRRP, a line for each path. */
export function guardRows({
  policy,
  restraint,
  peer,
  paths,
  leases,
}: GuardStatus): readonly [string, string][] {
  const lines = paths.map(({ name, state, interface: on, peer: to, baud, why }) => {
    return `${name}: ${state}, ${on}${to === null ? `, ${baud} baud` : ` to ${to}`}: ${why}`
  })
  const witnesses = leases.map(({ name, state, address, port, why }) => {
    return `${name}: ${state}, ${address} port ${port}: ${why}`
  })
  const held = restraint === null ? '' : `; this box may not lead: ${restraint}`
  const all = [
    `${policy}, the other box is ${peer.state}: ${peer.why}${held}`,
    ...lines,
    ...witnesses,
  ]
  return all.map((line, index) => [index === 0 ? 'guard' : '', line])
}
