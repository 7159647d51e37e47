import type { Disbelief } from '../guard/claim-watch.ts'
import type { RejectionReason } from '../vrrp/rejection.ts'

/** Of one router since vrrpd has started. It changes in place: adverts come often. */
export type Counters = {
  sent: number
  received: number
  priorityZeroSent: number
  priorityZeroReceived: number
  becameMaster: number
  sendFailures: number
  withoutPseudoHeader: number
  addressesDiffer: number
  rejected: Partial<Record<RejectionReason | Disbelief, number>>
}

export const newCounters = (): Counters => ({
  sent: 0,
  received: 0,
  priorityZeroSent: 0,
  priorityZeroReceived: 0,
  becameMaster: 0,
  sendFailures: 0,
  withoutPseudoHeader: 0,
  addressesDiffer: 0,
  rejected: {},
})
