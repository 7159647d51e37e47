/** `3 d 04:05:06`: digits do not jump about while it ticks. */
export function uptimeText(seconds: number): string {
  const pad = (n: number) => String(n).padStart(2, '0')
  const days = Math.floor(seconds / 86_400)
  const clock = [seconds / 3600, seconds / 60, seconds].map((n, i) =>
    pad(Math.floor(n) % (i === 0 ? 24 : 60)),
  )
  return `${days > 0 ? `${days} d ` : ''}${clock.join(':')}`
}

/** Rough on purpose: `42 seconds`, `5 minutes`, `3 hours`, `2 days`. */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [count, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [Math.floor(seconds / 60), 'minute']
        : seconds < 172_800
          ? [Math.floor(seconds / 3600), 'hour']
          : [Math.floor(seconds / 86_400), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
