import { type ActualLink, type LinkOp, planLinks } from '../network/link-plan.ts'
import type { InterfaceWish } from '../network/wish.ts'
import type { KernelError } from './kernel-error.ts'
import { deleteLink, listLinks, switchLink } from './netlink/link-message.ts'
import { decodeMadeLink, makeLink, setMaster, setMtu } from './netlink/made-link-message.ts'
import type { NetlinkSocket, Request } from './netlink/socket.ts'

/** Bonds of VLANs of bridges are deeper than anybody builds. */
const mostRounds = 12

export type LinksReport = {
  /** As `ip link` has them now. */
  readonly links: readonly ActualLink[]
  readonly changes: readonly string[]
  readonly refused: readonly string[]
  readonly missing: readonly string[]
}

/** Ports, and what is made of them; what Diarch made is known by the group of the interface. */
export class OwnLinks {
  readonly #netlink: NetlinkSocket
  readonly #group: number
  /** What was there before we changed it, by the index of the interface. */
  readonly #mtuBefore = new Map<number, number>()

  constructor(netlink: NetlinkSocket, group: number) {
    this.#netlink = netlink
    this.#group = group
  }

  read(): readonly ActualLink[] {
    return this.#netlink
      .dump(listLinks)
      .flatMap(message => decodeMadeLink(message, this.#group) ?? [])
  }

  keep(wishes: readonly InterfaceWish[]): LinksReport {
    const changes: string[] = []
    const refusals = new Map<string, string>()
    for (let round = 1; ; round++) {
      const links = this.read()
      const plan = planLinks(this.#withMtu(wishes, links), links)
      const ops = [...plan.ops, ...this.#oldMtu(wishes, links)].filter(
        op => !refusals.has(JSON.stringify(op)),
      )
      if (ops.length === 0 || round > mostRounds) {
        const taken = plan.taken.map(name => `${name}: ${takenText}`)
        return { links, changes, refused: [...refusals.values(), ...taken], missing: plan.missing }
      }
      const errors = this.#perform(ops, links)
      for (const [index, op] of ops.entries()) {
        const error = errors[index] ?? null
        if (error === null) changes.push(opText(op))
        else refusals.set(JSON.stringify(op), error.message)
      }
    }
  }

  #perform(ops: readonly LinkOp[], links: readonly ActualLink[]): readonly (KernelError | null)[] {
    for (const op of ops) {
      const link = op.kind === 'mtu' ? links.find(({ index }) => index === op.index) : undefined
      if (link !== undefined && !this.#mtuBefore.has(link.index)) {
        this.#mtuBefore.set(link.index, link.mtu)
      }
    }
    const errors = this.#netlink.perform(ops.map(op => this.#request(op)))
    return errors.map((error, index) =>
      ops[index]?.kind === 'remove' && error?.code === 'ENODEV' ? null : error,
    )
  }

  #request(op: LinkOp): Request {
    switch (op.kind) {
      case 'remove':
        return deleteLink(op)
      case 'make':
        return makeLink(op.name, op.what, this.#group)
      case 'leave':
        return setMaster(op.index, op.name, null)
      case 'join':
        return setMaster(op.index, op.name, op.master)
      case 'switch':
        return switchLink(op.index, op.up)
      case 'mtu':
        return setMtu(op.index, op.name, op.mtu)
    }
  }

  #withMtu(
    wishes: readonly InterfaceWish[],
    links: readonly ActualLink[],
  ): readonly InterfaceWish[] {
    return wishes.map(wish => {
      const index = links.find(({ name }) => name === wish.name)?.index ?? 0
      return { ...wish, mtu: wish.mtu ?? this.#mtuBefore.get(index) ?? null }
    })
  }

  /** Of interfaces that nobody speaks of any more. */
  #oldMtu(wishes: readonly InterfaceWish[], links: readonly ActualLink[]): readonly LinkOp[] {
    const wanted = new Set(wishes.map(({ name }) => name))
    return links.flatMap(({ index, name, mtu }): LinkOp[] => {
      const before = this.#mtuBefore.get(index)
      if (before === undefined || before === mtu || wanted.has(name)) return []
      return [{ kind: 'mtu', index, name, mtu: before }]
    })
  }
}

const takenText =
  'an interface of that name is there that Diarch did not make. Remove it, or choose another name.'

function opText(op: LinkOp): string {
  switch (op.kind) {
    case 'remove':
      return `${op.name} removed`
    case 'make':
      return `${op.name} made (${op.what.kind})`
    case 'leave':
      return `${op.name} taken out of its bond or bridge`
    case 'join':
      return `${op.name} put into its bond or bridge`
    case 'switch':
      return `${op.name} switched ${op.up ? 'on' : 'off'}`
    case 'mtu':
      return `${op.name} has MTU ${op.mtu}`
  }
}
