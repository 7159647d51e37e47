/** The name that was meant, or null when none is near. */
export function nearest(word: string, names: Iterable<string>): string | null {
  const wanted = plain(word)
  let best: string | null = null
  let bestDistance = Math.min(3, Math.max(1, Math.floor(wanted.length / 3))) + 1
  for (const name of names) {
    const other = plain(name)
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue
    const found = distance(wanted, other)
    if (found < bestDistance) [best, bestDistance] = [name, found]
  }
  return best
}

/** For a reference to something that has a name: the near one, or all when they are few. */
export function nameHint(word: string, names: readonly string[]): string {
  const near = nearest(word, names)
  if (near !== null) return `did you mean ${near}?`
  if (names.length === 0) return 'there is none'
  return names.length > 8 ? `there are ${names.length} of other names` : `there is ${listed(names)}`
}

/** As in `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** virtual_router_id, virtualRouterID and virtual-router-id are one word. */
const plain = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[_\s-]/g, '')
    .slice(0, 64)

/** Letters to add, drop, change, or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
