import type { Lab } from '../../lab/namespaces/lab.ts'
import type { Bar, Case } from '../report.ts'

export type Bench = {
  readonly lab: Lab
  /** Of the product as it ships. */
  readonly folder: string
  readonly rounds: number
  /** Of the case in which nothing may happen. */
  readonly minutes: number
}

/** What one run of a pair of each product measures. */
export type Group = {
  /** For --only. */
  readonly name: string
  readonly bars: readonly Bar[]
  /** One case for each bar. */
  readonly measure: (bench: Bench) => Promise<readonly Case[]>
}
