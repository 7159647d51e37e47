import { checked } from '../kernel-error.ts'
import { KernelSocket } from '../kernel-socket.ts'
import { Envelope } from '../native/binding.ts'
import { AF_NETLINK, netlinkSocketAddress } from '../socket-address.ts'
import { decodeMessages, type Message } from './message.ts'

/** RTNLGRP_ of include/uapi/linux/rtnetlink.h, minus 1: the bit of the group. */
const groupBits = {
  link: 0,
  'inet-address': 4,
  'inet-route': 6,
  'inet-rule': 7,
  'inet6-address': 8,
  'inet6-route': 10,
  'inet6-rule': 18,
} as const

export type EventGroup = keyof typeof groupBits

export type NetlinkListener = {
  /** What one datagram held. */
  readonly onMessages: (messages: readonly Message[]) => void
  /** Something was lost: read again what you keep. What came before it was told. */
  readonly onOverflow: () => void
}

const NETLINK_ROUTE = 0
const SOCK_RAW = 3
const EAGAIN = -11
const ENOBUFS = -105

/** Thousands of addresses may change at once, and each tells of it in about 1 KiB. */
const receiveBuffer = 4 * 1024 * 1024
/** In one call of `drain`, so that a flood of routes does not hold up everything else. */
const mostAtOnce = 2048

/** What the kernel tells of changes, whoever made them. */
export class NetlinkEvents {
  readonly #socket: KernelSocket
  readonly #listener: NetlinkListener
  readonly #buffer = new Uint8Array(65_536)
  readonly #envelope = new Envelope()
  #lost = false

  private constructor(socket: KernelSocket, listener: NetlinkListener) {
    this.#socket = socket
    this.#listener = listener
  }

  static open(
    groups: readonly EventGroup[],
    listener: NetlinkListener,
    bufferBytes = receiveBuffer,
  ): NetlinkEvents {
    const kind = [AF_NETLINK, SOCK_RAW, NETLINK_ROUTE] as const
    const socket = KernelSocket.open(kind, 'netlink events', socket => {
      socket.receiveBuffer(bufferBytes)
      const mask = groups.reduce((bits, group) => bits | (1 << groupBits[group]), 0)
      socket.bind(netlinkSocketAddress(mask))
    })
    return new NetlinkEvents(socket, listener)
  }

  /** Called when something is there; `drain` it then. */
  onReadable(callback: () => void): void {
    this.#socket.onReadable(callback)
  }

  /** Tells all that waits, now. */
  drain(): void {
    for (let count = 0; count < mostAtOnce; count++) {
      const length = this.#socket.receive(this.#buffer, this.#envelope)
      if (length === EAGAIN) {
        this.#tellLoss()
        return
      }
      if (length === ENOBUFS) {
        this.#lost = true
        continue
      }
      checked(length, { op: 'recvmsg', target: this.#socket.title })
      // A copy: they may be kept.
      this.#listener.onMessages(decodeMessages(this.#buffer.slice(0, length)))
    }
  }

  /** Not before the queue is empty: until then the kernel goes on losing, and says it only once. */
  #tellLoss(): void {
    if (!this.#lost) return
    this.#lost = false
    this.#listener.onOverflow()
  }

  close(): void {
    this.#socket.close()
  }
}
