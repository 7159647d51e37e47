/** An object identifier: its arcs, each of 32 bits without a sign. */
export type Oid = readonly number[]

/** Of the order in which a walk sees them (RFC 3416 4.2.2). */
export function compareOids(a: Oid, b: Oid): number {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

export const isBelow = (oid: Oid, top: Oid): boolean =>
  oid.length >= top.length && top.every((arc, at) => oid[at] === arc)

/** For text that stands in the code. */
export const oid = (text: string): Oid => text.split('.').map(Number)

export const oidText = (arcs: Oid): string => arcs.join('.')
