import type { BatchReport, Seen } from './batch.ts'
import { faultKinds } from './faults.ts'

/** What all batches together have seen. */
export class Totals {
  readonly #seen = new Map<string, Seen>()
  seeds = 0
  lasted = 0
  digest = 0

  add(report: BatchReport): void {
    this.seeds += report.batch.count
    this.lasted += report.lasted
    this.digest = (this.digest ^ report.digest) >>> 0
    for (const [what, { runs, times }] of report.seen) {
      const before = this.#seen.get(what) ?? { runs: 0, times: 0 }
      this.#seen.set(what, { runs: before.runs + runs, times: before.times + times })
    }
  }

  /** Faults first, those that never occurred too: they would be a hole in the simulator. */
  table(): string {
    const faults = faultKinds.map(kind => `fault: ${kind}`)
    const others = [...this.#seen.keys()].filter(what => !faults.includes(what)).sort()
    const rows = [...faults, ...others].map(what => {
      const { runs, times } = this.#seen.get(what) ?? { runs: 0, times: 0 }
      return `  ${what.padEnd(38)} ${String(runs).padStart(8)} ${String(times).padStart(12)}`
    })
    return [`  ${''.padEnd(38)} ${'runs'.padStart(8)} ${'times'.padStart(12)}`, ...rows].join('\n')
  }

  summary(seconds: number): string {
    const rate = Math.round(this.seeds / seconds)
    const hours = (this.lasted / 3_600_000).toFixed(0)
    const digest = this.digest.toString(16).padStart(8, '0')
    return (
      `${this.seeds} seeds in ${seconds.toFixed(1)} s (${rate} per second), ` +
      `${hours} hours of virtual time, digest ${digest}`
    )
  }
}
