import { localMoment } from '../linux/local-time.ts'
import type { LogLine } from '../supervision/log-ring.ts'

export type ProcessLog = {
  readonly name: string
  readonly dropped: number
  readonly lines: readonly LogLine[]
}

/** `!` marks what came on standard error. */
export function showLog({ name, dropped, lines }: ProcessLog, zone: string): string {
  if (lines.length === 0) return `${name} has written nothing.`
  const shown = lines.map(({ at, stream, text }) => {
    return `${localMoment(`${at.slice(0, 19)}Z`, zone)} ${stream === 'stderr' ? '!' : ' '} ${text}`
  })
  if (dropped > 0) shown.unshift(`(${dropped} earlier lines are gone)`)
  return shown.join('\n')
}
