import { type Family, familyOf, type IpAddress, isLinkLocal } from '../../values/ip-address.ts'
import { contradiction, type Problem } from '../finding.ts'
import type { WholeRouter } from '../whole-router.ts'

export const familyName = (family: Family): string => (family === 'inet' ? 'IPv4' : 'IPv6')

export function transportProblems(whole: WholeRouter): readonly Problem[] {
  const { path, router, family } = whole
  const found: Problem[] = []
  if (router.version === 2 && family === 'inet6') {
    found.push(contradiction([...path, 'version'], '3: VRRPv2 has no IPv6'))
  }
  if (whole.source !== null) found.push(...sourceProblems(whole, whole.source))
  if (whole.peers !== null) return [...found, ...unicastProblems(whole, whole.peers)]
  if (router.multicastGroup !== undefined && familyOf(whole.multicastGroup) !== family) {
    const expected = `a group of ${familyName(family)}, as the router is`
    found.push(contradiction([...path, 'multicastGroup'], expected))
  }
  return found
}

function sourceProblems(whole: WholeRouter, source: IpAddress): readonly Problem[] {
  const { family, peers, addresses, priority } = whole
  const at = whole.pathOf('source')
  if (familyOf(source) !== family) {
    return [contradiction(at, `an address of ${familyName(family)}, as the router is`)]
  }
  if (peers === null && family === 'inet6' && !isLinkLocal(source)) {
    return [contradiction(at, 'a link-local address: fe80::/10 (RFC 9568 5.1.2.1)')]
  }
  if (priority < 255 && addresses.some(({ prefix }) => prefix.address === source)) {
    const expected = "this box's own address: a virtual one is not always here"
    return [contradiction(at, expected)]
  }
  return []
}

function unicastProblems(whole: WholeRouter, peers: readonly IpAddress[]): readonly Problem[] {
  const { name, path, router, family, source } = whole
  const at = [...whole.pathOf('unicast'), 'peers']
  if (peers.length === 0) {
    return [contradiction(at, `at least one peer, here or in node.routers.${name}.unicast`)]
  }
  const found = peers.flatMap((peer, index): Problem[] => {
    if (familyOf(peer) !== family) {
      const expected = `an address of ${familyName(family)}, as the router is`
      return [contradiction([...at, index], expected)]
    }
    if (peer === source) return [contradiction([...at, index], 'the address of another box')]
    return peers.indexOf(peer) < index ? [contradiction([...at, index], 'each peer once')] : []
  })
  if (router.multicastGroup !== undefined) {
    found.push(contradiction([...path, 'multicastGroup'], 'no group: the router is unicast'))
  }
  if (family === 'inet6' && source === null && !peers.every(isLinkLocal)) {
    const expected = 'our address: a link-local one does not reach these peers'
    found.push(contradiction(whole.pathOf('source'), expected))
  }
  return found
}
