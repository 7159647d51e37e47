import { addressSize, familyOf, isLinkLocal } from '../../values/ip-address.ts'
import type { VirtualAddress } from '../../vrrp/router-config.ts'
import { contradiction, type Problem } from '../finding.ts'
import type { Path } from '../path.ts'
import type { WholeRouter } from '../whole-router.ts'
import { familyName } from './transport.ts'

export function addressProblems(routers: readonly WholeRouter[]): readonly Problem[] {
  const holders = new Map<string, string>()
  return routers.flatMap(whole => {
    const { name, path, addresses } = whole
    const found = addresses.flatMap((address, index): readonly Problem[] => {
      const at = [...path, 'virtualAddresses', index]
      // A link-local address is another one on each interface.
      const { address: ip } = address.prefix
      const on = isLinkLocal(ip) ? (address.interface ?? whole.interface ?? '') : ''
      const other = holders.get(`${ip} ${on}`)
      holders.set(`${ip} ${on}`, name)
      if (other === name) return [contradiction(at, 'each address once')]
      if (other !== undefined) return [contradiction(at, `an address that ${other} has not`)]
      return formProblems(at, address, whole)
    })
    return [...found, ...sizeProblems(whole)]
  })
}

function formProblems(at: Path, address: VirtualAddress, whole: WholeRouter): readonly Problem[] {
  const family = familyOf(address.prefix.address)
  if (address.advertised && family !== whole.family) {
    const expected = `an address of ${familyName(whole.family)}, as the router is`
    return [contradiction(at, expected, 'one of the other family needs "advertised": false')]
  }
  if (address.label !== null && family === 'inet6') {
    return [contradiction([...at, 'label'], 'no label: IPv6 addresses have none')]
  }
  return []
}

/** Of Ethernet. An advert is one packet: no fragment of it would be heard. */
const mtu = 1500

/** Of IPv4 the field that counts them is full first, of IPv6 the frame. */
function mostAdvertised({ family, router: { authentication } }: WholeRouter): number {
  if (family === 'inet') return 255
  const trailer = authentication !== 'none' && authentication.hmac !== undefined ? 28 : 0
  return Math.floor((mtu - 40 - 8 - trailer) / addressSize(family))
}

function sizeProblems(whole: WholeRouter): readonly Problem[] {
  const count = whole.addresses.filter(({ advertised }) => advertised).length
  const most = mostAdvertised(whole)
  if (count <= most) return []
  const expected = `at most ${most} addresses in one advert`
  const hint = 'let others have "advertised": false, or make a second router'
  return [contradiction([...whole.path, 'virtualAddresses'], expected, hint)]
}
