import type { SlotName, Status } from './document.ts'

/**
 * What everybody on the network may know. No password exists before setup, so nobody is
 * authenticated: no addresses, no process list, no alarm texts, no commit.
 */
export type PublicStatus = {
  readonly product: 'Diarch'
  readonly version: string
  readonly hostname: string
  readonly slot: SlotName | null
  readonly health: Status['health']['state']
  readonly alarms: number
  readonly uptimeSeconds: number
}

export function publicStatus(status: Status): PublicStatus {
  return {
    product: status.product,
    version: status.version,
    hostname: status.hostname,
    slot: status.slot?.running ?? null,
    health: status.health.state,
    alarms: status.alarms.length,
    uptimeSeconds: Math.floor(status.uptimeSeconds),
  }
}

/** Uptime alone always changes: whoever shows it can count by itself. */
export function tellsSomethingNew(before: PublicStatus, now: PublicStatus): boolean {
  return (
    before.version !== now.version ||
    before.hostname !== now.hostname ||
    before.slot !== now.slot ||
    before.health !== now.health ||
    before.alarms !== now.alarms ||
    now.uptimeSeconds < before.uptimeSeconds
  )
}
