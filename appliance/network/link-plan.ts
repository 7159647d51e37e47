import type { BondSettings, InterfaceWish, MadeInterface } from './wish.ts'

/** An interface of the kernel, as far as the plan looks at it. */
export type ActualLink = {
  readonly index: number
  readonly name: string
  readonly up: boolean
  readonly mtu: number
  /** The bond or bridge that it is a member of. */
  readonly master: number | null
  /** It bears our mark: we made it. */
  readonly isOurs: boolean
  /** Null: a port, or of a kind that we never make. */
  readonly made: ActualMade | null
}

export type ActualMade =
  | ({ readonly kind: 'bond' } & BondSettings)
  | { readonly kind: 'vlan'; readonly parent: number | null; readonly id: number }
  | { readonly kind: 'bridge' }

type Named = { readonly index: number; readonly name: string }

export type LinkOp =
  | ({ readonly kind: 'remove' } & Named)
  | { readonly kind: 'make'; readonly name: string; readonly what: ActualMade }
  /** Out of its bond or bridge. */
  | ({ readonly kind: 'leave' } & Named)
  | ({ readonly kind: 'join'; readonly master: number } & Named)
  | ({ readonly kind: 'switch'; readonly up: boolean } & Named)
  | ({ readonly kind: 'mtu'; readonly mtu: number } & Named)

export type LinkPlan = {
  /**
   * What can be done now, in this order. What stands on what is made here comes with the next plan,
   * from the interfaces as they are then; an empty list is the end.
   */
  readonly ops: readonly LinkOp[]
  /** Ports that are not there. They may come later. */
  readonly missing: readonly string[]
  /** Names that something has which is not ours to replace. */
  readonly taken: readonly string[]
}

/** From the interfaces that are there to those that should be. Others' are never touched. */
export function planLinks(
  wishes: readonly InterfaceWish[],
  actual: readonly ActualLink[],
): LinkPlan {
  const wanted = new Map(wishes.map(wish => [wish.name, wish]))
  const byIndex = new Map(actual.map(link => [link.index, link]))
  const removals = actual.filter(
    link => link.isOurs && !isAsMade(wanted.get(link.name)?.made ?? null, link, byIndex),
  )
  const gone = new Set(removals)
  const here = new Map(actual.filter(link => !gone.has(link)).map(link => [link.name, link]))
  const ops: LinkOp[] = removals.map(({ index, name }) => ({ kind: 'remove', index, name }))
  const missing: string[] = []
  const taken: string[] = []
  for (const wish of wishes) {
    const link = here.get(wish.name)
    if (link === undefined) {
      const what = wish.made === null ? null : standing(wish.made, here)
      if (wish.made === null) missing.push(wish.name)
      if (what !== null) ops.push({ kind: 'make', name: wish.name, what })
    } else if (wish.made !== null && !link.isOurs) {
      taken.push(wish.name)
    } else {
      ops.push(...settle(wish, link, here, byIndex))
    }
  }
  return { ops, missing, taken }
}

/** Null: what it stands on is not there yet. */
function standing(made: MadeInterface, here: ReadonlyMap<string, ActualLink>): ActualMade | null {
  if (made.kind !== 'vlan') return made
  const parent = here.get(made.parent)
  return parent === undefined ? null : { kind: 'vlan', parent: parent.index, id: made.id }
}

/** Whether it can stay; most of what differs could not be changed while members are in it. */
function isAsMade(
  wish: MadeInterface | null,
  { made }: ActualLink,
  byIndex: ReadonlyMap<number, ActualLink>,
): boolean {
  if (wish === null || made === null || wish.kind !== made.kind) return false
  if (wish.kind === 'bond' && made.kind === 'bond') return isSameBond(wish, made)
  if (wish.kind === 'vlan' && made.kind === 'vlan') {
    return wish.id === made.id && byIndex.get(made.parent ?? 0)?.name === wish.parent
  }
  return true
}

const isSameBond = (a: BondSettings, b: BondSettings): boolean =>
  a.mode === b.mode &&
  a.monitorInterval === b.monitorInterval &&
  a.transmitHash === b.transmitHash &&
  (a.mode !== '802.3ad' || a.lacpRate === b.lacpRate)

function settle(
  wish: InterfaceWish,
  link: ActualLink,
  here: ReadonlyMap<string, ActualLink>,
  byIndex: ReadonlyMap<number, ActualLink>,
): readonly LinkOp[] {
  const { index, name } = link
  const ops: LinkOp[] = []
  const named = wish.master === null ? undefined : here.get(wish.master)
  const master = named?.isOurs === true ? named : null
  const present = link.master === null ? null : (byIndex.get(link.master) ?? null)
  const mayLeave = present?.isOurs === true || master !== null
  if (present !== null && present !== master && mayLeave) ops.push({ kind: 'leave', index, name })
  if (master !== null && present !== master) {
    // A bond takes only what is down, and switches it on itself.
    const isBond = master.made?.kind === 'bond'
    if (isBond && link.up) ops.push({ kind: 'switch', index, name, up: false })
    ops.push({ kind: 'join', index, name, master: master.index })
    if (!isBond && !link.up) ops.push({ kind: 'switch', index, name, up: true })
  } else if (!link.up) {
    ops.push({ kind: 'switch', index, name, up: true })
  }
  if (wish.mtu !== null && wish.mtu !== link.mtu)
    ops.push({ kind: 'mtu', index, name, mtu: wish.mtu })
  return ops
}
