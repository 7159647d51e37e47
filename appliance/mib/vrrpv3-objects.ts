import { addressBytes, parseIpAddress } from '../values/ip-address.ts'
import { parsePrefix } from '../values/prefix.ts'
import { addressValue, familyNumber } from './inet.ts'
import { type Column, type Row, scalar, tableColumns } from './object-tree.ts'
import { oid } from './oid.ts'
import type { RouterFacts } from './snapshot.ts'
import { counter, counter64, gauge, integer, octets, ticks, truth, type Value } from './value.ts'

/** VRRPV3-MIB (RFC 6527), for routers that speak version 3. */

const operations = oid('1.3.6.1.2.1.207.1.1')
const statistics = oid('1.3.6.1.2.1.207.1.2')

/** A router that is in FAULT takes no part: initialize(1), backup(2), master(3). */
const statusNumber = { INIT: 1, FAULT: 1, BACKUP: 2, MASTER: 3 } as const

const active = 1
/** The counters of a router are told again after so many milliseconds. */
const refreshed = 2000

export function vrrpv3Objects(
  all: readonly RouterFacts[],
  interfaceIndex: (name: string) => number | null,
): readonly Column[] {
  const rows = all.flatMap((router): readonly Row<RouterFacts>[] => {
    const index = interfaceIndex(router.interface)
    if (router.version !== 3 || index === null) return []
    return [{ index: [index, router.vrid, router.family === 'inet' ? 1 : 2], of: router }]
  })
  const summed = (...reasons: readonly string[]): Value =>
    counter64(rows.reduce((sum, { of }) => sum + refused(of, reasons), 0))
  return [
    ...tableColumns([...operations, 1, 1], rows, operationColumns),
    ...tableColumns([...operations, 2, 1], rows.flatMap(addressRows), { 2: () => integer(active) }),
    scalar([...statistics, 1], summed('checksum')),
    scalar([...statistics, 2], summed('version')),
    scalar([...statistics, 3], summed('vrid')),
    scalar([...statistics, 4], ticks(0)),
    ...tableColumns([...statistics, 5, 1], rows, statisticColumns),
  ]
}

type Columns = Readonly<Record<number, (router: RouterFacts) => Value | null>>

const operationColumns: Columns = {
  3: ({ state, source, master }) => {
    const address = state === 'MASTER' ? source : master
    return address === null ? octets(new Uint8Array()) : addressValue(address)
  },
  4: ({ source }) => (source === null ? octets(new Uint8Array()) : addressValue(source)),
  // RFC 9568 7.3
  5: ({ family, vrid }) => octets(Uint8Array.of(0, 0, 0x5e, 0, family === 'inet' ? 1 : 2, vrid)),
  6: ({ state }) => integer(statusNumber[state]),
  7: ({ priority }) => gauge(priority.effective),
  8: ({ addresses }) => integer(addresses.filter(({ advertised }) => advertised).length),
  9: ({ intervalSeconds }) => integer(Math.round(intervalSeconds * 100)),
  10: ({ preempt }) => truth(preempt),
  11: ({ accept }) => truth(accept),
  13: () => integer(active),
}

const statisticColumns: Columns = {
  1: ({ counters }) => counter(counters.becameMaster),
  3: ({ counters }) => counter64(counters.received),
  4: each => refusals(each, 'interval-mismatch', 'interval-zero', 'interval-implausible'),
  5: each => refusals(each, 'ttl'),
  7: ({ counters }) => counter64(counters.priorityZeroReceived),
  8: ({ counters }) => counter64(counters.priorityZeroSent),
  9: each => refusals(each, 'type'),
  10: ({ counters }) => counter64(counters.addressesDiffer),
  11: each => refusals(each, 'too-short', 'truncated', 'too-long', 'ip-length'),
  12: () => ticks(0),
  13: () => gauge(refreshed),
}

const refused = ({ counters }: RouterFacts, reasons: readonly string[]): number =>
  reasons.reduce((sum, reason) => sum + (counters.rejected[reason] ?? 0), 0)

const refusals = (router: RouterFacts, ...reasons: readonly string[]): Value =>
  counter64(refused(router, reasons))

/** In a name an address is its length and its bytes (RFC 2578 7.7). */
function addressRows({ index, of }: Row<RouterFacts>): readonly Row<null>[] {
  return of.addresses.flatMap(({ address: text, advertised }) => {
    const address = parsePrefix(text)?.address ?? parseIpAddress(text)
    if (!advertised || address === null || familyNumber(address) !== index[2]) return []
    const bytes = addressBytes(address)
    return [{ index: [...index, bytes.length, ...bytes], of: null }]
  })
}
