import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

export type Figures = {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly n: number
}

/**
 * `unit` is the figure's; a case with a peer has the ratio of the medians held against its bar,
 * unless `barOf` says that the peer is there for comparison only.
 */
export type Case = Bar & { readonly notes?: readonly string[] } & (
    | { readonly value: Figures; readonly pass: boolean }
    | {
        readonly diarch: Figures
        readonly peer: Figures & { readonly name: string }
        /** Null where the peer's figure is 0. */
        readonly ratio: number | null
        readonly barOf: 'ratio' | 'diarch'
        readonly pass: boolean
      }
    | { readonly pass: false; readonly why: string }
  )

export type Bar = { readonly name: string; readonly unit: string; readonly bar: number }

/** Passes when the median is not above the bar. */
export function measured(bar: Bar, samples: readonly number[]): Case {
  const value = figures(samples)
  return { ...bar, value, pass: value.median <= bar.bar }
}

export function compared(
  bar: Bar,
  own: readonly number[],
  peerName: string,
  peerSamples: readonly number[],
): Case {
  const both = besides(own, peerName, peerSamples)
  const pass = both.ratio !== null && both.ratio <= bar.bar
  return { ...bar, ...both, barOf: 'ratio', pass }
}

/** The bar is for our own figure; the peer's is shown beside it. */
export function shownBeside(
  bar: Bar,
  own: readonly number[],
  peerName: string,
  peerSamples: readonly number[],
): Case {
  const both = besides(own, peerName, peerSamples)
  return { ...bar, ...both, barOf: 'diarch', pass: both.diarch.median <= bar.bar }
}

function besides(own: readonly number[], peerName: string, peerSamples: readonly number[]) {
  const [diarch, peer] = [figures(own), { name: peerName, ...figures(peerSamples) }]
  const ratio = peer.median === 0 ? null : rounded(diarch.median / peer.median)
  return { diarch, peer, ratio }
}

export const notMeasured = (bar: Bar, why: string): Case => ({ ...bar, pass: false, why })

/** Never throws: what goes wrong while measuring is the case's `why`. */
export async function attempt(bar: Bar, measure: () => Promise<Case>): Promise<Case> {
  try {
    return await measure()
  } catch (error) {
    return notMeasured(bar, error instanceof Error ? error.message : String(error))
  }
}

function figures(samples: readonly number[]): Figures {
  const sorted = samples.map(rounded).sort((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) throw new Error('nothing was measured')
  const middle = (sorted.length - 1) / 2
  const [low, high] = [sorted[Math.floor(middle)] ?? min, sorted[Math.ceil(middle)] ?? max]
  return { median: rounded((low + high) / 2), min, max, n: sorted.length }
}

const rounded = (figure: number): number => Math.round(figure * 1000) / 1000

const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMiB: Math.round(totalmem() / 1024 / 1024),
  kernel: release(),
  node: process.version,
})

export function print(cases: readonly Case[]): void {
  const { cpu, cores, memoryMiB, kernel, node } = machine()
  console.log(`\n${cpu}, ${cores} cores, ${memoryMiB} MiB, Linux ${kernel}, Node ${node}\n`)
  const rows = cases.map(row)
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(cells => cells[column]!.length)))
  for (const cells of rows) {
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
  for (const { name, notes } of cases)
    for (const note of notes ?? []) console.log(`${name}: ${note}`)
}

function row(result: Case): string[] {
  const verdict = result.pass ? 'pass' : 'FAIL'
  if ('why' in result) {
    const why = result.why.split('\n')[0] ?? ''
    return [verdict, result.name, 'not measured', why]
  }
  if ('value' in result) {
    const { value, unit, bar, name } = result
    return [verdict, name, `${shown(value)} ${unit}`, `bar ${bar}`]
  }
  const { diarch, peer, ratio, barOf, unit, bar, name } = result
  const theirs = `${peer.name}: ${shown(peer)} ${unit}`
  const against = barOf === 'ratio' ? `${ratio} x ${theirs}, bar ${bar} x` : `bar ${bar}, ${theirs}`
  return [verdict, name, `${shown(diarch)} ${unit}`, against]
}

const shown = ({ median, min, max, n }: Figures): string =>
  n === 1 ? `${median}` : `${median} (${min}-${max}, n ${n})`

export function writeJson(path: string, cases: readonly Case[]): void {
  writeFileSync(path, `${JSON.stringify({ machine: machine(), cases }, null, 2)}\n`)
}
