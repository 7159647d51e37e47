import type { LogLine } from '../supervision/log-ring.ts'

export type ProcessLog = {
  readonly name: string
  readonly dropped: number
  readonly lines: readonly LogLine[]
}

/** `!` marks what came on standard error. */
export function showLog({ name, dropped, lines }: ProcessLog): string {
  if (lines.length === 0) return `${name} has written nothing.`
  const shown = lines.map(({ at, stream, text }) => {
    const time = at.slice(0, 19).replace('T', ' ')
    return `${time} ${stream === 'stderr' ? '!' : ' '} ${text}`
  })
  if (dropped > 0) shown.unshift(`(${dropped} earlier lines are gone)`)
  return shown.join('\n')
}
