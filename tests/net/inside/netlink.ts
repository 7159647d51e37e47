import { putAddress, removeAddress } from '../../../appliance/linux/netlink/address-message.ts'
import { NetlinkSocket, type Request } from '../../../appliance/linux/netlink/socket.ts'
import { ourOrigin, readAddresses } from '../../../appliance/linux/virtual-addresses.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import { asked, indexOf, tell } from './tell.ts'

/** What a netlink socket makes of odd questions, of many at once, and of a list that changes. */
const { how } = asked<{ readonly how: 'odd' | 'many' | 'changing' }>()
const netlink = NetlinkSocket.open('route')
const interfaceIndex = indexOf('eth0')

const wish = (number: number) => ({
  interfaceIndex,
  prefix: { address: ipAddress(`10.9.${number >> 8}.${number & 255}`), length: 32 },
  label: null,
  scope: 'global' as const,
  lease: null,
  origin: ourOrigin,
})

const odd = (type: number, body: Uint8Array): Request => ({
  op: 'ODD',
  target: `type ${type}`,
  type,
  flags: 0,
  body,
})

if (how === 'odd') {
  const answers = netlink.perform([
    odd(99, new Uint8Array(16)),
    odd(20, Uint8Array.from([2, 32, 0, 0, 1, 0, 0, 0, 7, 0, 2, 0, 1, 2, 3, 0])),
    putAddress(wish(1)),
  ])
  const of = (work: () => unknown): string => {
    try {
      return `no error: ${work()}`
    } catch (error) {
      return (error as Error).message
    }
  }
  tell({
    answers: answers.map(error => error && [error.op, error.code, error.message]),
    dump: of(() => netlink.dump(odd(22, Uint8Array.from([2, 0, 0, 9, 0, 0, 0, 0])))),
    again: netlink.perform([removeAddress(wish(1)), removeAddress(wish(1))]).map(e => e?.code),
  })
}

if (how === 'many') {
  // Every third one is refused: its interface is not there.
  const requests = Array.from({ length: 5000 }, (_, number) =>
    putAddress(number % 3 === 0 ? { ...wish(number), interfaceIndex: 4711 } : wish(number)),
  )
  const answers = netlink.perform(requests)
  tell({
    right: answers.every((error, number) => (error === null) === (number % 3 !== 0)),
    there: readAddresses(netlink).filter(address => address.origin === ourOrigin).length,
  })
}

if (how === 'changing') {
  const counts = Array.from({ length: 100 }, () => {
    return readAddresses(netlink).filter(({ prefix }) => prefix.address.startsWith('10.1.')).length
  })
  tell({ least: Math.min(...counts) })
}
netlink.close()
