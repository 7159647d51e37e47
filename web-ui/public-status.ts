import type { SlotName, Status } from '../appliance/status/document.ts'

/** What the box tells everybody: the other end of appliance/web/public-status.ts. */
export type PublicStatus = {
  readonly product: 'Diarch'
  readonly version: string
  readonly hostname: string
  readonly slot: SlotName | null
  readonly health: Status['health']['state']
  readonly alarms: number
  readonly uptimeSeconds: number
}
