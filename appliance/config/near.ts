/** The name that was meant, or null when none is near. */
export function nearest(word: string, names: Iterable<string>): string | null {
  const wanted = plain(word)
  let best: string | null = null
  let bestDistance = Math.min(3, Math.max(1, Math.floor(wanted.length / 3))) + 1
  for (const name of names) {
    const other = plain(name)
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue
    const found = distance(wanted, other, bestDistance - 1)
    if (found < bestDistance) [best, bestDistance] = [name, found]
  }
  return best
}

/** A search through more of them takes longer than it helps. */
const mostNames = 1000

/** For a reference to something that has a name: the near one, or all when they are few. */
export function nameHint(word: string, names: readonly string[]): string {
  const near = nearest(word, names.slice(0, mostNames))
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

/** Letters to add, drop, change, or swap with their neighbour; infinite beyond `most`. */
function distance(a: string, b: string, most: number): number {
  const far = Number.POSITIVE_INFINITY
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i += 1) {
    const next = new Array<number>(b.length + 1).fill(far)
    next[0] = i
    // Further from the diagonal it is more than `most` in any case.
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next[j] = Math.min(
        (row[j] ?? far) + 1,
        (next[j - 1] ?? far) + 1,
        (row[j - 1] ?? far) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? far) + 1 : far,
      )
    }
    before = row
    row = next
  }
  return row[b.length] ?? far
}
