import { addressType, addressValue } from './inet.ts'
import { type Column, type Row, tableColumns } from './object-tree.ts'
import type { PlaceFacts, ServerFacts, ServiceFacts } from './snapshot.ts'
import { keepalived } from './system-objects.ts'
import { trafficColumns } from './traffic-columns.ts'
import { gauge, integer, text, truth, type Value } from './value.ts'

/** KEEPALIVED-MIB, the part `check`: services and their servers. */

const check = [...keepalived, 3]
const entry = (table: number) => [...check, table, 1]

type Of<T> = (one: T) => Value | null
type Columns<T> = Readonly<Record<number, Of<T>>>

export function keepalivedServiceObjects(services: readonly ServiceFacts[]): readonly Column[] {
  const groups = services.filter(isGroup)
  return [
    ...tableColumns(entry(1), numbered(groups), { 2: ({ name }) => text(name) }),
    ...tableColumns(
      entry(2),
      groups.flatMap(({ at }, group) => numbered(at, group + 1)),
      memberColumns,
    ),
    ...tableColumns(entry(3), numbered(services), serviceColumns),
    ...tableColumns(
      entry(4),
      services.flatMap(({ servers }, service) => numbered(servers, service + 1)),
      serverColumns,
    ),
  ]
}

/** Positions in the configuration, as keepalived numbers them. */
const numbered = <T>(all: readonly T[], ...above: readonly number[]): readonly Row<T>[] =>
  all.map((of, place) => ({ index: [...above, place + 1], of }))

const isGroup = ({ at }: ServiceFacts): boolean => at.length !== 1

const onlyPlace = ({ at }: ServiceFacts): PlaceFacts | null =>
  at.length === 1 ? (at[0] ?? null) : null

const ofMark =
  <T>(place: (one: T) => PlaceFacts | null): Of<T> =>
  one => {
    const found = place(one)
    return found?.kind === 'mark' ? gauge(found.mark) : null
  }

const ofAddress =
  <T>(place: (one: T) => PlaceFacts | null, value: (found: AddressPlace) => Value): Of<T> =>
  one => {
    const found = place(one)
    return found?.kind === 'address' ? value(found) : null
  }

type AddressPlace = Extract<PlaceFacts, { kind: 'address' }>

const itself = (place: PlaceFacts): PlaceFacts => place

const memberColumns: Columns<PlaceFacts> = {
  2: ({ kind }) => integer(kind === 'mark' ? 1 : 2),
  3: ofMark(itself),
  4: ofAddress(itself, ({ address }) => addressType(address)),
  5: ofAddress(itself, ({ address }) => addressValue(address)),
  8: ofAddress(itself, ({ port }) => gauge(port)),
}

const protocols = { tcp: 1, udp: 2, sctp: 3 } as const
const forwardings = { nat: 1, direct: 2, tunnel: 3 } as const
const schedulers = 'rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos'.split(' ')
const otherScheduler = 99

const serviceColumns: Columns<ServiceFacts> = {
  2: service => integer(isGroup(service) ? 3 : onlyPlace(service)?.kind === 'mark' ? 1 : 2),
  3: service => (isGroup(service) ? text(service.name) : null),
  4: ofMark(onlyPlace),
  5: ofAddress(onlyPlace, ({ address }) => addressType(address)),
  6: ofAddress(onlyPlace, ({ address }) => addressValue(address)),
  7: ofAddress(onlyPlace, ({ port }) => gauge(port)),
  8: ({ at: [first] }) => integer(first?.kind === 'address' ? protocols[first.protocol] : 4),
  9: ({ scheduler }) => integer(schedulers.indexOf(scheduler) + 1 || otherScheduler),
  10: ({ servers: [first] }) => (first ? integer(forwardings[first.forwarding]) : null),
  11: ({ up }) => truth(up),
  13: ({ persistence }) => truth(persistence !== null),
  14: ({ persistence }) => (persistence === null ? null : gauge(persistence.seconds)),
  20: ({ servers }) => gauge(servers.filter(({ isSorry }) => !isSorry).length),
  21: ({ servers }) => gauge(servers.filter(each => !each.isSorry && each.state === 'up').length),
  22: ({ quorum }) => gauge(quorum),
  23: ({ up }) => truth(up),
  26: ({ hysteresis }) => gauge(hysteresis),
  37: ({ onePacket }) => truth(onePacket),
  71: ({ name }) => text(name),
  ...trafficColumns({ connections: 27, packets: 28, rates: 32, wide: 38, wideRates: 41 }),
}

const serverColumns: Columns<ServerFacts> = {
  2: ({ isSorry }) => truth(!isSorry),
  3: ({ address }) => addressType(address),
  4: ({ address }) => addressValue(address),
  5: ({ port }) => gauge(port),
  6: ({ state }) => truth(state === 'up' || state === 'drained'),
  7: ({ weight }) => integer(weight),
  8: ({ upper }) => gauge(upper),
  9: ({ lower }) => gauge(lower),
  10: ({ inhibit }) => integer(inhibit ? 2 : 1),
  15: ({ active }) => gauge(active),
  16: ({ inactive }) => gauge(inactive),
  17: ({ persistent }) => gauge(persistent),
  40: ({ forwarding }) => integer(forwardings[forwarding]),
  55: ({ name }) => text(name),
  ...trafficColumns({ connections: 14, packets: 18, rates: 22, wide: 27, wideRates: 30 }),
}
