/** The last lines that a child wrote. What it may hold is bounded, whatever the child writes. */

export const lineLimit = 2048
export const ringLimit = 200

export type LogLine = {
  readonly at: string
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export type LogRing = {
  readonly push: (line: LogLine) => void
  readonly lines: () => readonly LogLine[]
  /** Lines that were pushed out by newer ones. */
  readonly dropped: () => number
}

export function logRing(limit: number = ringLimit): LogRing {
  const kept: LogLine[] = []
  let next = 0
  let pushed = 0
  return {
    push: line => {
      kept[next] = line
      next = (next + 1) % limit
      pushed += 1
    },
    lines: () => (kept.length < limit ? [...kept] : [...kept.slice(next), ...kept.slice(0, next)]),
    dropped: () => Math.max(0, pushed - limit),
  }
}

/**
 * Cuts text into lines. A line longer than the limit is cut there and marked; the rest of it, up
 * to its end, is thrown away as it comes, so that what is held between two calls stays small.
 */
export type LineCutter = {
  readonly take: (text: string) => readonly string[]
  /** What stands without a line end when the child has gone. */
  readonly rest: () => readonly string[]
}

export function lineCutter(limit: number = lineLimit): LineCutter {
  let held = ''
  let overlong = false
  return {
    take: text => {
      const lines: string[] = []
      let from = 0
      for (;;) {
        const end = text.indexOf('\n', from)
        const part = text.slice(from, end === -1 ? undefined : end)
        if (!overlong) {
          const room = limit - held.length
          if (part.length > room) {
            lines.push(`${plain(held + part.slice(0, room))} [cut]`)
            held = ''
            overlong = true
          } else held += part
        }
        if (end === -1) return lines
        if (!overlong) lines.push(plain(held))
        held = ''
        overlong = false
        from = end + 1
      }
    },
    rest: () => {
      const lines = held === '' ? [] : [plain(held)]
      held = ''
      return lines
    },
  }
}

/** A log line is shown on terminals: what steers a terminal does not belong into it. */
const plain = (line: string): string => line.trimEnd().replace(/[^\P{Cc}\t]/gu, '?')
