import { between, type Duration, type Instant } from '../values/duration.ts'

/**
 * A slot on trial is confirmed when everything has been well for some time without a break. Until
 * then a reset counts against it, and the boot loader goes back to the slot before.
 */
export type HealthGate =
  | { readonly kind: 'watching'; readonly wellSince: Instant | null }
  | { readonly kind: 'passed' }

export type GateStep = { readonly gate: HealthGate; readonly confirm: boolean }

export const closedGate: HealthGate = { kind: 'watching', wellSince: null }

export function stepGate(
  gate: HealthGate,
  well: boolean,
  now: Instant,
  wellFor: Duration,
): GateStep {
  if (gate.kind === 'passed') return { gate, confirm: false }
  if (!well) return { gate: closedGate, confirm: false }
  const wellSince = gate.wellSince ?? now
  if (between(wellSince, now) < wellFor) {
    return { gate: { kind: 'watching', wellSince }, confirm: false }
  }
  return { gate: { kind: 'passed' }, confirm: true }
}
