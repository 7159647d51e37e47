import { cutWriters } from '../../image/configuration-cuts.ts'
import { type Bar, type Case, measured } from '../report.ts'
import { Scope } from '../scope.ts'
import { say } from '../shown.ts'

const options = { cuts: 50, boots: 3, revisions: 80 }

/** Throws when a revision is lost, or is half there. */
export const measureCuts = (bar: Bar): Promise<readonly Case[]> =>
  Scope.with(async scope => {
    const seed = Date.now() % 1_000_000
    const { acknowledged, hit, sectors } = await cutWriters(scope, { ...options, seed, say })
    const lost = `${sectors.lost} of ${sectors.lost + sectors.kept} sectors lost`
    const note =
      `${acknowledged} revisions acknowledged, ${options.cuts} cuts, ${options.boots} of them ` +
      `booted; ${hit} have hit writes that were not flushed: ${lost}; seed ${seed}`
    return [{ ...measured(bar, [0]), notes: [note] }]
  })
