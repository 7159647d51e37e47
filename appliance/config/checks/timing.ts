import { contradiction, type Problem } from '../finding.ts'
import type { WholeRouter } from '../whole-router.ts'

/** It has 12 bits of hundredths (RFC 9568 5.2.7), or 8 bits of seconds (RFC 3768 5.3.7). */
export function timingProblems({ path, router, interval }: WholeRouter): readonly Problem[] {
  const at = [...path, 'advertInterval']
  if (router.version === 2) {
    if (interval % 1000 === 0) return []
    const hint = 'shorter intervals need version 3 on every box'
    return [contradiction(at, 'whole seconds with version 2', interval < 1000 ? hint : null)]
  }
  if (interval % 10 === 0 && interval <= 40_950) return []
  return [contradiction(at, 'with version 3 a time from "10ms" to "40.95s" in steps of 10ms')]
}
