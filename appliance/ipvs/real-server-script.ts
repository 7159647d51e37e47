import { familyOf, type IpAddress } from '../values/ip-address.ts'
import { freebsdFragments } from './real-server-script-freebsd.ts'
import { linuxScript } from './real-server-script-linux.ts'
import { netplanFiles, networkdFiles } from './real-server-script-systemd.ts'
import { windowsScript } from './real-server-script-windows.ts'

/**
 * A real server of direct routing gets packets to the virtual address in frames of its own. It has
 * to take them for its own, and to keep quiet about it: nobody on the cable may learn that the
 * address is there too. Of a tunnel the same holds, once the outer packet is taken off.
 */
export type RealServer = {
  readonly system: RealServerSystem
  readonly virtual: readonly [IpAddress, ...IpAddress[]]
  readonly method: 'direct' | 'tunnel'
}

export const realServerSystems = [
  'linux',
  'systemd-networkd',
  'netplan',
  'windows',
  'freebsd',
] as const
export type RealServerSystem = (typeof realServerSystems)[number]

/** Null: that system cannot take off IP-in-IP from everybody. */
export function realServerScript({ system, virtual, method }: RealServer): string | null {
  const addresses = sorted(virtual)
  switch (system) {
    case 'linux':
      return linuxScript(addresses, method)
    case 'systemd-networkd':
      return networkdFiles(addresses, method)
    case 'netplan':
      return netplanFiles(addresses, method)
    case 'windows':
      return method === 'tunnel' ? null : windowsScript(addresses)
    case 'freebsd':
      return method === 'tunnel' ? null : freebsdFragments(addresses)
  }
}

export type VirtualAddresses = {
  readonly inet: readonly IpAddress[]
  readonly inet6: readonly IpAddress[]
}

function sorted(addresses: readonly IpAddress[]): VirtualAddresses {
  const unique = [...new Set(addresses)]
  return {
    inet: unique.filter(one => familyOf(one) === 'inet'),
    inet6: unique.filter(one => familyOf(one) === 'inet6'),
  }
}
