const units = ['', ' k', ' M', ' G', ' T']

/** `950`, `1.2 k`, `34 M`; `0.3` where that is all there is. */
export function countText(count: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3))
  const scaled = count / 1000 ** step
  const isShort = scaled < 10 && scaled !== Math.round(scaled)
  return `${isShort ? scaled.toFixed(1) : Math.round(scaled)}${units[step]}`
}
