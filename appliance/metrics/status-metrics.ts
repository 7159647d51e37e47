import type { Status } from '../status/document.ts'
import { boxMetrics } from './box-metrics.ts'
import type { Family } from './exposition.ts'
import { fencingMetrics } from './fencing-metrics.ts'
import { guardMetrics } from './guard-metrics.ts'
import { pairMetrics } from './pair-metrics.ts'
import { routerMetrics } from './router-metrics.ts'

/** Seconds from a time in the status document until it was made: by one clock, right or wrong. */
export type Ago = (at: string) => number

/** All that the status document has. */
export const statusMetrics = (status: Status, ago: Ago): readonly Family[] => [
  ...boxMetrics(status),
  ...pairMetrics(status),
  ...routerMetrics(status.routers),
  ...guardMetrics(status, ago),
  ...fencingMetrics(status, ago),
]
