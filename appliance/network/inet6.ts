import type { InterfaceWish } from './wish.ts'

/** Below /proc/sys/net/ipv6/conf/INTERFACE. */
export type Inet6Setting = {
  readonly setting: 'disable_ipv6' | 'accept_ra'
  readonly value: string
}

/** In the order in which they are set. A member of something has no addresses of its own. */
export function inet6Settings({ ipv6, master }: InterfaceWish): readonly Inet6Setting[] {
  const isOff = ipv6 === 'off' || master !== null
  // 2: also on a box that forwards, as a director does.
  const listens = ipv6 === 'slaac' ? '2' : '0'
  return [
    { setting: 'disable_ipv6', value: isOff ? '1' : '0' },
    ...(isOff ? [] : [{ setting: 'accept_ra', value: listens } as const]),
  ]
}
