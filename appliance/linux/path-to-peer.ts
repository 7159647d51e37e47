import type { PeerPath } from '../pairing/pair-heartbeats.ts'
import { parseIpAddress } from '../values/ip-address.ts'
import { readInterfaces, wayTo } from './segments.ts'

/** Null: no network of this box has the peer, or nobody can say. */
export function pathToPeer(address: string): PeerPath | null {
  const peer = parseIpAddress(address)
  if (peer === null) return null
  try {
    const way = wayTo(peer, peer, readInterfaces(), null)
    return way === null ? null : { interface: way.segment.name, peer }
  } catch {
    return null
  }
}
