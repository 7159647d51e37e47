import { type Duration, seconds } from '../values/duration.ts'
import { familyOf, type IpAddress } from '../values/ip-address.ts'
import type { AddressWish, KernelAddress } from './netlink/address-message.ts'

/** Where an address is or is not to be; its prefix length does not matter for that. */
export type AddressPlace = { readonly interfaceIndex: number; readonly address: IpAddress }

export type AddressOp =
  | { readonly kind: 'add' | 'renew'; readonly wish: AddressWish }
  | { readonly kind: 'remove'; readonly address: Pick<KernelAddress, 'interfaceIndex' | 'prefix'> }

export type AddressGoal = {
  readonly wanted: readonly AddressWish[]
  /** Virtual addresses that another box has, or nobody: gone whoever put them here. */
  readonly unwanted: readonly AddressPlace[]
  /** What bears this origin and is not wanted was left behind, and goes too. */
  readonly origin: number
  /** A lease with no more than this left is renewed. */
  readonly renewBelow: Duration
}

/** What brings the kernel's addresses to the goal; nothing when they are there. */
export function planAddresses(
  goal: AddressGoal,
  actual: readonly KernelAddress[],
): readonly AddressOp[] {
  const { wanted, unwanted, origin } = goal
  const keep = new Map(wanted.map(wish => [keyOf(wish.interfaceIndex, wish.prefix.address), wish]))
  const away = new Set(unwanted.map(place => keyOf(place.interfaceIndex, place.address)))
  const here = new Map<string, KernelAddress>()
  const removals: AddressOp[] = []
  for (const address of actual) {
    const key = keyOf(address.interfaceIndex, address.prefix.address)
    const wish = keep.get(key)
    if (wish !== undefined && isAsWished(wish, address)) here.set(key, address)
    else if (wish !== undefined || away.has(key) || address.origin === origin) {
      removals.push({ kind: 'remove', address })
    }
  }
  const puts = wanted.flatMap((wish): AddressOp[] => {
    const address = here.get(keyOf(wish.interfaceIndex, wish.prefix.address))
    if (address === undefined) return [{ kind: 'add', wish }]
    return isRightLease(wish, address, goal.renewBelow) ? [] : [{ kind: 'renew', wish }]
  })
  // The last one first: secondary addresses go before the one that they hang on.
  return [...removals.reverse(), ...puts]
}

const keyOf = (interfaceIndex: number, address: IpAddress): string => `${interfaceIndex} ${address}`

/** Whether a new lease is all that it may need; these cannot be changed in place. */
function isAsWished(wish: AddressWish, address: KernelAddress): boolean {
  if (wish.prefix.length !== address.prefix.length) return false
  // One that lost against another box's is useless until it is put anew.
  if (address.state === 'duplicate') return false
  if (familyOf(wish.prefix.address) === 'inet6') return true
  return wish.scope === address.scope && (wish.label === null || wish.label === address.label)
}

function isRightLease(wish: AddressWish, address: KernelAddress, renewBelow: Duration): boolean {
  if (wish.lease === null || address.validFor === null) return wish.lease === address.validFor
  // The kernel's answer is in whole seconds, rounded either way.
  return address.validFor > renewBelow && address.validFor <= wish.lease + seconds(1)
}
