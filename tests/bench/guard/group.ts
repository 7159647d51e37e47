import type { Lab } from '../../lab/namespaces/lab.ts'
import type { Bar, Case } from '../report.ts'

export type Bench = {
  readonly lab: Lab
  /** Of the product as it ships. */
  readonly folder: string
  readonly rounds: number
  /** Of what goes on for a while: a flood, a path that is blocked. */
  readonly seconds: number
}

export type Group = {
  /** For --only. */
  readonly name: string
  readonly bars: readonly Bar[]
  /** One case for each bar. */
  readonly measure: (bench: Bench) => Promise<readonly Case[]>
}

/** Milliseconds: VRRPv3 on both products. */
export const interval = 100

/** RFC 9568 6.1, of the second box: three intervals, and the skew of priority 100. */
export const failoverInterval = 3 * interval + (156 / 256) * interval
