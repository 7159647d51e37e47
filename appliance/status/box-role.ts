import { networkOf } from '../config/network.ts'
import { familyOf, type IpAddress, parseIpAddress } from '../values/ip-address.ts'
import { parsePrefix } from '../values/prefix.ts'
import type { PortStatus, Status } from './document.ts'
import type { RouterStatus } from './router-status.ts'

/** What a box is at this moment, in one word and one sentence. */
export type BoxRole = {
  /**
   * `ALONE`: it holds what there is, and its peer is away. `SINGLE`: it has no peer and no virtual
   * address. `READY`: it has a peer and no virtual address.
   */
  readonly word:
    | 'MASTER'
    | 'BACKUP'
    | 'FAULT'
    | 'ALONE'
    | 'SINGLE'
    | 'READY'
    | 'STARTING'
    | 'MAINTENANCE'
  readonly why: string
}

export function boxRole({ routers, pair, maintenance }: Status): BoxRole {
  if (maintenance !== null) return { word: 'MAINTENANCE', why: `since ${maintenance.since}` }
  const isAlone = pair.state === 'alone'
  if (routers.length === 0) {
    const word = isAlone ? 'ALONE' : pair.state === 'single' ? 'SINGLE' : 'READY'
    return { word, why: isAlone ? pair.why : 'there is no virtual address yet' }
  }
  const of = (state: RouterStatus['state']) => routers.filter(each => each.state === state)
  const masters = of('MASTER')
  const [fault] = of('FAULT')
  const troubled = fault === undefined ? '' : `; ${fault.name} is in FAULT: ${fault.why}`
  if (masters.length > 0) {
    const what = `${namesOf(masters, routers)}${troubled || `: ${masters[0]?.why}`}`
    if (isAlone) return { word: 'ALONE', why: `it is MASTER of ${what}; ${pair.why}` }
    return { word: 'MASTER', why: `of ${what}` }
  }
  if (fault !== undefined) {
    return { word: 'FAULT', why: `${namesOf(of('FAULT'), routers)}: ${fault.why}` }
  }
  const [backup] = of('BACKUP')
  if (backup === undefined) return { word: 'STARTING', why: routers[0]?.why ?? '' }
  return { word: 'BACKUP', why: `of ${namesOf(of('BACKUP'), routers)}: ${backup.why}` }
}

function namesOf(some: readonly RouterStatus[], all: readonly RouterStatus[]): string {
  if (some.length > 3) {
    return some.length === all.length
      ? `all ${all.length} routers`
      : `${some.length} of ${all.length} routers`
  }
  return some.map(({ name }) => name).join(', ')
}

/** Who has the addresses of a router: `here`, the peer's name, an address; null: nobody known. */
export function holderOf(router: RouterStatus, { pair }: Status): string | null {
  if (router.state === 'MASTER') return 'here'
  const { peer } = pair
  const there = peer?.report?.routers.find(({ name }) => name === router.name)
  if (peer !== null && there?.state === 'MASTER') return peer.name
  const { master } = router
  if (master === null) return null
  return peer?.address === master.address ? peer.name : master.address
}

/** What a port is for, in words: routers, the way to the peer, its own address. */
export function portRole(port: PortStatus, { routers, pair }: Status): string {
  const names = routers.filter(each => each.interface === port.name).map(({ name }) => name)
  const virtual = names.length > 2 ? [`${names.length} routers`] : names
  const peer = pair.peer === null ? null : parseIpAddress(pair.peer.address)
  const toPeer =
    peer !== null && port.addresses.some(address => isOn(peer, address)) ? ['peer'] : []
  const all = [...virtual, ...toPeer]
  if (all.length > 0) return all.join(', ')
  return port.addresses.length > 0 ? 'own address' : '-'
}

function isOn(address: IpAddress, cidr: string): boolean {
  const own = parsePrefix(cidr)
  if (own === null || familyOf(own.address) !== familyOf(address)) return false
  return networkOf({ address, length: own.length }).address === networkOf(own).address
}
