import type { Prefix } from '../values/prefix.ts'
import {
  decodeAddress,
  type KernelAddress,
  RTM_DELADDR,
  RTM_NEWADDR,
} from './netlink/address-message.ts'
import { decodeLink, type KernelLink, RTM_DELLINK, RTM_NEWLINK } from './netlink/link-message.ts'
import type { Message } from './netlink/message.ts'

/** An interface with its addresses, in the order in which the kernel tells them. */
export type Interface = KernelLink & { readonly addresses: readonly KernelAddress[] }

/** Of one interface (one index): null is "was not there" and "is gone". */
export type InterfaceChange = {
  readonly before: Interface | null
  readonly after: Interface | null
}

/** What the kernel's messages add up to. Pure: the messages come from outside. */
export class InterfaceTable {
  #interfaces: ReadonlyMap<number, Interface> = new Map()

  get(index: number): Interface | null {
    return this.#interfaces.get(index) ?? null
  }

  all(): readonly Interface[] {
    return [...this.#interfaces.values()]
  }

  /** Takes events in their order; returns what is different in the end. */
  take(messages: readonly Message[]): readonly InterfaceChange[] {
    return this.#become(messages.reduce(applied, new Map(this.#interfaces)))
  }

  /** Takes two whole dumps, of links and of addresses, in place of everything before. */
  replace(dumped: readonly Message[]): readonly InterfaceChange[] {
    return this.#become(dumped.reduce(applied, new Map()))
  }

  #become(next: ReadonlyMap<number, Interface>): readonly InterfaceChange[] {
    const previous = this.#interfaces
    this.#interfaces = next
    return [...new Set([...previous.keys(), ...next.keys()])].flatMap(index => {
      const [before, after] = [previous.get(index) ?? null, next.get(index) ?? null]
      return isSame(before, after) ? [] : [{ before, after }]
    })
  }
}

type Draft = Map<number, Interface>

function applied(draft: Draft, message: Message): Draft {
  switch (message.type) {
    case RTM_NEWLINK: {
      const link = decodeLink(message)
      if (link === null) break
      draft.set(link.index, { ...link, addresses: draft.get(link.index)?.addresses ?? [] })
      break
    }
    case RTM_DELLINK: {
      const link = decodeLink(message)
      if (link !== null) draft.delete(link.index)
      break
    }
    case RTM_NEWADDR:
    case RTM_DELADDR:
      changeAddress(draft, message)
      break
  }
  return draft
}

function changeAddress(draft: Draft, message: Message): void {
  const address = decodeAddress(message)
  const owner = address === null ? undefined : draft.get(address.interfaceIndex)
  if (address === null || owner === undefined) return
  const place = owner.addresses.findIndex(one => isSamePrefix(one.prefix, address.prefix))
  const known = owner.addresses[place]
  const removed = message.type === RTM_DELADDR
  // Of a renewed lease, a few each second, nothing is kept.
  if (removed ? known === undefined : isSameAddress(address, known)) return
  const at = place < 0 ? owner.addresses.length : place
  const addresses = owner.addresses.toSpliced(at, 1, ...(removed ? [] : [address]))
  draft.set(owner.index, { ...owner, addresses })
}

/** A lease that was renewed changes nothing that anybody wants to be told. */
function isSame(one: Interface | null, other: Interface | null): boolean {
  if (one === other) return true
  if (one === null || other === null || one.addresses.length !== other.addresses.length)
    return false
  const links =
    one.name === other.name &&
    one.mac === other.mac &&
    one.mtu === other.mtu &&
    one.up === other.up &&
    one.carrier === other.carrier &&
    one.kind === other.kind &&
    one.parent === other.parent
  return (
    links && one.addresses.every((address, place) => isSameAddress(address, other.addresses[place]))
  )
}

function isSameAddress(one: KernelAddress, other: KernelAddress | undefined): boolean {
  return (
    other !== undefined &&
    isSamePrefix(one.prefix, other.prefix) &&
    one.label === other.label &&
    one.scope === other.scope &&
    one.state === other.state
  )
}

const isSamePrefix = (one: Prefix, other: Prefix): boolean =>
  one.address === other.address && one.length === other.length
