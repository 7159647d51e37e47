import type { DirectorReport, DirectorStatus } from './service-status.ts'

/** What the director says of itself in one word, and since when. */
export function directorStatus(
  report: DirectorReport,
  before: DirectorStatus | null,
  now: string,
): DirectorStatus {
  const { state, why } = verdict(report)
  return { state, since: before?.state === state ? before.since : now, why, ...report }
}

function verdict({ missing, refused, claims }: DirectorReport) {
  if (missing !== null) return { state: 'no-table', why: missing } as const
  const [first, ...others] = [...refused, ...claims]
  if (first === undefined) return { state: 'ok', why: 'the table of the kernel is kept' } as const
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return { state: 'degraded', why: `${first}${more}` } as const
}
