/** Rows under a heading, in columns as wide as they need; the last column is never padded. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heading, ...rows]
  const widths = heading.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0)))
  return all
    .map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map(line => line.trimEnd())
    .join('\n')
}

const steps = [
  { length: 86_400, unit: 'd' },
  { length: 3600, unit: 'h' },
  { length: 60, unit: 'min' },
] as const

/** The largest unit that fits and the next: `3 d 4 h`, `12 min`, `8 s`. */
export function lengthWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const index = steps.findIndex(step => whole >= step.length)
  const step = steps[index]
  if (step === undefined) return `${whole} s`
  const next = steps[index + 1]
  const rest = next === undefined ? 0 : Math.floor((whole % step.length) / next.length)
  const first = `${Math.floor(whole / step.length)} ${step.unit}`
  return rest === 0 || next === undefined ? first : `${first} ${rest} ${next.unit}`
}
