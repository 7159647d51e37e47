import { type Interface, type InterfaceChange, InterfaceTable } from './interface-table.ts'
import { listAddresses } from './netlink/address-message.ts'
import { NetlinkEvents } from './netlink/events.ts'
import { listLinks } from './netlink/link-message.ts'
import type { Message } from './netlink/message.ts'
import { NetlinkSocket } from './netlink/socket.ts'

export type { Interface, InterfaceChange } from './interface-table.ts'

export type InterfacesOptions = {
  /** The kernel told more than we could hear, and everything was read anew. For the log. */
  readonly onOverflow?: () => void
  /** Of the socket that hears. */
  readonly bufferBytes?: number
}

/** What is different, after all that was told at once; a lease that was renewed is not. */
export type OnInterfaceChange = (changes: readonly InterfaceChange[]) => void

/** The interfaces and their addresses, kept up with the kernel. */
export class Interfaces {
  readonly #netlink: NetlinkSocket
  readonly #events: NetlinkEvents
  readonly #onChange: OnInterfaceChange
  readonly #onOverflow: () => void
  readonly #table = new InterfaceTable()
  #heard: Message[] = []
  #isOverflow = false

  private constructor(onChange: OnInterfaceChange, { onOverflow, bufferBytes }: InterfacesOptions) {
    this.#onChange = onChange
    this.#onOverflow = onOverflow ?? (() => {})
    this.#netlink = NetlinkSocket.open('route')
    // Heard first and read then: between the two nothing can be missed.
    this.#events = NetlinkEvents.open(
      ['link', 'inet-address', 'inet6-address'],
      {
        onMessages: messages => {
          this.#heard.push(...messages)
        },
        onOverflow: () => {
          this.#isOverflow = true
        },
      },
      bufferBytes,
    )
    this.#table.replace(this.#dump())
    this.#events.onReadable(() => this.refresh())
  }

  /** The table is full when this returns. */
  static open(onChange: OnInterfaceChange, options: InterfacesOptions = {}): Interfaces {
    return new Interfaces(onChange, options)
  }

  #dump(): readonly Message[] {
    return [listLinks, ...listAddresses].flatMap(request => this.#netlink.dump(request))
  }

  all(): readonly Interface[] {
    return this.#table.all()
  }

  indexed(index: number): Interface | null {
    return this.#table.get(index)
  }

  named(name: string): Interface | null {
    return this.#table.all().find(one => one.name === name) ?? null
  }

  /** Hears what the kernel has told by now. Comes by itself; call it before you decide by it. */
  refresh(): void {
    this.#events.drain()
    const heard = this.#heard
    this.#heard = []
    const changes = this.#isOverflow ? this.#readAgain() : this.#table.take(heard)
    if (changes.length > 0) this.#onChange(changes)
  }

  #readAgain(): readonly InterfaceChange[] {
    this.#isOverflow = false
    const changes = this.#table.replace(this.#dump())
    this.#onOverflow()
    return changes
  }

  close(): void {
    this.#events.close()
    this.#netlink.close()
  }
}
