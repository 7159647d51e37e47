import { after, type Duration, type Instant, seconds } from '../values/duration.ts'

/** How hard a script is pressed to end: its time, then SIGTERM, then SIGKILL to its group. */
export type Pressure =
  | { readonly kind: 'none'; readonly until: Instant }
  | { readonly kind: 'terminated'; readonly until: Instant }
  | { readonly kind: 'killed' }

/** From SIGTERM to SIGKILL. */
export const grace: Duration = seconds(1)

export const firstPressure = (now: Instant, timeout: Duration): Pressure => ({
  kind: 'none',
  until: after(now, timeout),
})

/** When it is to be pressed harder; null when there is nothing harder. */
export const pressAt = (pressure: Pressure): Instant | null =>
  pressure.kind === 'killed' ? null : pressure.until

export type Press = { readonly pressure: Pressure; readonly signal: 'SIGTERM' | 'SIGKILL' | null }

export function press(pressure: Pressure, now: Instant): Press {
  if (pressure.kind === 'killed' || now < pressure.until) return { pressure, signal: null }
  if (pressure.kind === 'terminated') return { pressure: { kind: 'killed' }, signal: 'SIGKILL' }
  return { pressure: { kind: 'terminated', until: after(now, grace) }, signal: 'SIGTERM' }
}
