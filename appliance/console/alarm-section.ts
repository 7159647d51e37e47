import { localMinute } from '../linux/local-time.ts'
import type { Status } from '../status/document.ts'
import { line, printable, type ScreenLine, spread, wrap } from '../terminal/screen-line.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** No seconds: a screen that changes every second is noise, and slow on a serial line. */
export const uptimeText = (uptimeSeconds: number): string => {
  const days = Math.floor(uptimeSeconds / day)
  const hours = Math.floor((uptimeSeconds % day) / hour)
  const minutes = Math.floor((uptimeSeconds % hour) / minute)
  if (days > 0) return `up ${days} d ${hours} h`
  return hours > 0 ? `up ${hours} h ${minutes} min` : `up ${minutes} min`
}

const words = { starting: 'STARTING', ok: 'OK', degraded: 'DEGRADED' } as const
const tones = { starting: 'plain', ok: 'good', degraded: 'warning' } as const

const health = (status: Status, width: number): ScreenLine => {
  const { state } = status.health
  // A single alarm would stand here and, whole, in the next line.
  const why = status.alarms.length === 1 ? '1 alarm' : status.health.why
  const now = localMinute(status.now, status.time?.zone ?? 'UTC')
  const clock = `${uptimeText(status.uptimeSeconds)}   ${now} `
  return line(spread(printable(` ${words[state]}  ${why}`), clock, width), tones[state])
}

/** The newest first, each with its reason token, as in logs and metrics. */
const blocks = ({ alarms }: Status, width: number): string[][] =>
  alarms
    .toSorted((one, two) => (one.since < two.since ? 1 : one.since > two.since ? -1 : 0))
    .map(({ reason, message }) =>
      wrap(`${reason}: ${message}`, width - 5).map((text, i) => ` ${i === 0 ? '!' : ' '} ${text}`),
    )

const leastOfAlarm = 3

const drawAlarms = (alarms: readonly string[][], rows: number): string[] => {
  const lines: string[] = []
  for (const [index, block] of alarms.entries()) {
    const rest = alarms.length - index - 1
    const room = rows - lines.length - (rest > 0 ? 1 : 0)
    // A long first alarm is cut rather than left out.
    if (block.length > room && index > 0) {
      return [...lines, `   and ${rest + 1} more`]
    }
    lines.push(...block.slice(0, room))
  }
  return lines
}

/** Health in one line, then the alarms that stand. */
export const alarmSection = (
  status: Status,
  width: number,
): { draw: (rows: number) => ScreenLine[]; least: number } => {
  const alarms = blocks(status, width)
  const first = Math.min(leastOfAlarm, alarms[0]?.length ?? 0)
  return {
    draw: rows => [
      health(status, width),
      ...drawAlarms(alarms, rows - 1).map(text => line(text, 'plain')),
    ],
    least: 2 + first + (alarms.length > 1 ? 1 : 0),
  }
}
