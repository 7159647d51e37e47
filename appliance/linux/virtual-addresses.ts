import type { AddressOp } from './address-plan.ts'
import type { KernelError } from './kernel-error.ts'
import {
  decodeAddress,
  type KernelAddress,
  listAddresses,
  putAddress,
  removeAddress,
} from './netlink/address-message.ts'
import type { NetlinkSocket } from './netlink/socket.ts'

/**
 * Marks addresses, routes and rules of Diarch in the kernel (IFA_PROTO, rtm_protocol,
 * FRA_PROTOCOL), so that those of a process that crashed are found. 112 is VRRP's number among the
 * protocols of IP, and nobody's in include/uapi/linux/rtnetlink.h.
 */
export const ourOrigin = 112

export function readAddresses(netlink: NetlinkSocket): readonly KernelAddress[] {
  return listAddresses.flatMap(request =>
    netlink.dump(request).flatMap(message => decodeAddress(message) ?? []),
  )
}

export type Refusal<Op> = { readonly op: Op; readonly error: KernelError }

/** Performs all in one go. Returns what the kernel refused; what was gone already is no refusal. */
export function applyAddresses(
  netlink: NetlinkSocket,
  ops: readonly AddressOp[],
): readonly Refusal<AddressOp>[] {
  const errors = netlink.perform(
    ops.map(op => (op.kind === 'remove' ? removeAddress(op.address) : putAddress(op.wish))),
  )
  return ops.flatMap((op, index) => {
    const error = errors[index] ?? null
    if (error === null) return []
    return op.kind === 'remove' && isGone(error) ? [] : [{ op, error }]
  })
}

const isGone = ({ code }: KernelError): boolean => code === 'EADDRNOTAVAIL' || code === 'ENODEV'
