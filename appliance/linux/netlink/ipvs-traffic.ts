import type { Traffic } from '../../ipvs/service.ts'
import { attributeFinder, endOfValue } from './attribute-offsets.ts'

/** IPVS_STATS_ATTR_ of include/uapi/linux/ip_vs.h */
const CONNS = 1
const INPKTS = 2
const OUTPKTS = 3
const INBYTES = 4
const OUTBYTES = 5
const CPS = 6
const INPPS = 7
const OUTPPS = 8
const INBPS = 9
const OUTBPS = 10

const find = attributeFinder(OUTBPS)

const none: Traffic = {
  connections: 0,
  packetsIn: 0,
  packetsOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  connectionsPerSecond: 0,
  packetsInPerSecond: 0,
  packetsOutPerSecond: 0,
  bytesInPerSecond: 0,
  bytesOutPerSecond: 0,
}

/** Of IPVS_SVC_ATTR_STATS64 or IPVS_DEST_ATTR_STATS64; zeros where the kernel has none. */
export function decodeTraffic(view: DataView, offset: number): Traffic {
  if (offset === 0) return none
  const offsets = find(view, offset, endOfValue(view, offset))
  const number = (type: number): number => {
    const at = offsets[type] ?? 0
    if (at === 0) return 0
    const high = view.getUint32(at + 4, true)
    // Most are small, and as whole numbers take no memory of their own.
    return high === 0 ? view.getUint32(at, true) : high * 2 ** 32 + view.getUint32(at, true)
  }
  return {
    connections: number(CONNS),
    packetsIn: number(INPKTS),
    packetsOut: number(OUTPKTS),
    bytesIn: number(INBYTES),
    bytesOut: number(OUTBYTES),
    connectionsPerSecond: number(CPS),
    packetsInPerSecond: number(INPPS),
    packetsOutPerSecond: number(OUTPPS),
    bytesInPerSecond: number(INBPS),
    bytesOutPerSecond: number(OUTBPS),
  }
}
