import type { Family } from '../values/ip-address.ts'

/** Somebody whose adverts are on a network of this box. */
export type HeardRouter = {
  readonly interface: string
  readonly vrid: number
  readonly family: Family
  readonly source: string
  readonly priority: number
}
