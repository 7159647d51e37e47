/** What bears a mark in the kernel that says who put it there. */
type Marked = { readonly origin: number }

export type MarkedOp<Item> = { readonly kind: 'add' | 'remove'; readonly item: Item }

/**
 * What makes those with our mark the ones that are wanted. Nobody else's are touched: routes and
 * rules that look alike may well be there twice.
 */
export function planMarked<Item extends Marked>(
  wanted: readonly Item[],
  actual: readonly Item[],
  origin: number,
  isAsWished: (wish: Item, actual: Item) => boolean,
): readonly MarkedOp<Item>[] {
  const ours = actual.filter(item => item.origin === origin)
  const left = new Set(ours)
  const missing = wanted.filter(wish => {
    const found = ours.find(item => left.has(item) && isAsWished(wish, item))
    if (found !== undefined) left.delete(found)
    return found === undefined
  })
  return [
    ...[...left].map(item => ({ kind: 'remove', item }) as const),
    ...missing.map(item => ({ kind: 'add', item }) as const),
  ]
}
