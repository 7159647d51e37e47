import { type Duration, milliseconds } from '../values/duration.ts'

/** How times are written in the document: one number and one unit, `100ms`, `1.5s`, `2m`, `1h`. */
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

export const durationPattern = /^\d{1,9}(\.\d{1,6})?(ms|s|m|h)$/

/** Null when the text is no time. */
export function parseDuration(text: string): Duration | null {
  if (!durationPattern.test(text)) return null
  const unit = /[a-z]+$/.exec(text)?.[0] as keyof typeof units
  // 0.07 s is 70.00000000000001 ms in binary: whole microseconds are all that is meant.
  return milliseconds(Math.round(Number.parseFloat(text) * units[unit] * 1000) / 1000)
}

/** In the largest unit that needs no fraction. */
export function durationText(duration: Duration): string {
  if (duration === 0) return '0s'
  const [unit] = (['h', 'm', 's'] as const).filter(name => duration % units[name] === 0)
  return unit === undefined ? `${duration}ms` : `${duration / units[unit]}${unit}`
}
