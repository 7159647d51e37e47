import { existsSync } from 'node:fs'
import { changeSetting } from './interface-setting.ts'
import type { KernelError } from './kernel-error.ts'
import { createMacvlan, deleteLink, type MacvlanWish, switchLink } from './netlink/link-message.ts'
import type { NetlinkSocket } from './netlink/socket.ts'

/**
 * The interface of a virtual router that has a MAC of its own. It is down while the box is not
 * master. Throws what the kernel refused; half of it is never left behind.
 */
export function addMacvlan(netlink: NetlinkSocket, wish: MacvlanWish): void {
  throwFirst(netlink.perform([createMacvlan(wish)]))
  try {
    // Else it answers for the parent's address with the virtual MAC.
    keepToOwnAddresses(wish.name)
    // What comes in here is answered by way of the parent.
    changeSetting({ interface: wish.name, family: 'ipv4', setting: 'rp_filter' }, '0')
    // No link-local address: it would follow from the MAC, and be the same on each box.
    if (existsSync('/proc/sys/net/ipv6')) {
      changeSetting({ interface: wish.name, family: 'ipv6', setting: 'addr_gen_mode' }, '1')
    }
  } catch (error) {
    netlink.perform([deleteLink({ name: wish.name })])
    throw error
  }
}

/**
 * ARP on this interface is about its own addresses, not about all of the box. The parent of a
 * macvlan needs it too: it would answer for the virtual addresses with its own MAC, and ask with
 * them for the MAC of a client.
 */
export function keepToOwnAddresses(name: string): void {
  changeSetting({ interface: name, family: 'ipv4', setting: 'arp_ignore' }, '1')
  changeSetting({ interface: name, family: 'ipv4', setting: 'arp_announce' }, '2')
}

export function switchMacvlan(netlink: NetlinkSocket, index: number, up: boolean): void {
  throwFirst(netlink.perform([switchLink(index, up)]))
}

/** One that is gone already is no error. */
export function removeMacvlan(netlink: NetlinkSocket, name: string): void {
  throwFirst(netlink.perform([deleteLink({ name })]).filter(error => error?.code !== 'ENODEV'))
}

function throwFirst(errors: readonly (KernelError | null)[]): void {
  for (const error of errors) if (error !== null) throw error
}
