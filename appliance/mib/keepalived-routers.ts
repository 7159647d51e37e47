import { addressType, addressValue, prefixLength, scopeType } from './inet.ts'
import { type Column, type Row, scalar, tableColumns } from './object-tree.ts'
import type { AddressFacts, RouterFacts, Snapshot } from './snapshot.ts'
import { keepalived } from './system-objects.ts'
import { gauge, integer, text, truth, type Value } from './value.ts'

/**
 * KEEPALIVED-MIB, the parts `global` and `vrrp`. The module comes with keepalived; here are its
 * numbers alone. What Diarch has no word for is left out.
 */

const global = [...keepalived, 1]
const vrrp = [...keepalived, 2]
const entry = (table: number) => [...vrrp, table, 1]

const stateNumber = { INIT: 0, BACKUP: 1, MASTER: 2, FAULT: 3 } as const

/** ah(2) is another thing than the trailer of an advert. */
const authenticationNumber = { none: 0, password: 1, hmac: null } as const

/** Of a tracker: init(1), bad(2), good(3). */
const resultOf = (state: string): Value => integer(state === 'up' ? 3 : state === 'down' ? 2 : 1)

/** Positions in a list, as keepalived numbers them. */
const numbered = <T>(all: readonly T[], ...above: readonly number[]): readonly Row<T>[] =>
  all.map((of, place) => ({ index: [...above, place + 1], of }))

export function keepalivedRouterObjects(
  { version, hostname, routers, trackers }: Snapshot,
  interfaceIndex: (name: string) => number | null,
): readonly Column[] {
  const groups = syncGroups(routers)
  return [
    scalar([...global, 1], text(`Diarch ${version}`)),
    scalar([...global, 2], text(hostname)),
    ...tableColumns(entry(1), numbered(groups), {
      2: ({ name }) => text(name),
      3: ({ members }) => integer(groupState(members)),
    }),
    ...tableColumns(
      entry(2),
      groups.flatMap(({ members }, group) => numbered(members, group + 1)),
      { 2: ({ name }) => text(name) },
    ),
    ...tableColumns(entry(3), numbered(routers), instanceColumns),
    ...tableColumns(
      entry(6),
      routers.flatMap(({ addresses }, router) => numbered(addresses, router + 1)),
      { ...addressColumns, 7: each => indexOrNull(interfaceIndex(each.interface)) },
    ),
    ...tableColumns(entry(9), numbered(trackers), {
      2: ({ name }) => text(name),
      6: ({ state }) => resultOf(state),
    }),
  ]
}

const instanceColumns: Readonly<Record<number, (router: RouterFacts) => Value | null>> = {
  2: ({ name }) => text(name),
  3: ({ vrid }) => gauge(vrid),
  4: ({ state }) => integer(stateNumber[state]),
  // Only the owner of the addresses begins as master.
  5: ({ priority }) => integer(priority.configured === 255 ? 2 : 1),
  6: ({ priority }) => integer(priority.configured === 255 ? 2 : 1),
  7: ({ priority }) => integer(priority.configured),
  8: ({ priority }) => integer(priority.effective),
  9: ({ addresses }) => truth(addresses.every(({ held }) => held)),
  10: each => text(each.interface),
  11: () => truth(true),
  // Seconds, and of VRRPv3 hundredths of them.
  12: ({ version, intervalSeconds }) => gauge(intervalSeconds * (version === 3 ? 100 : 1)),
  13: ({ preempt }) => truth(preempt),
  14: ({ preemptDelaySeconds }) => gauge(preemptDelaySeconds),
  15: ({ authentication }) => {
    const number = authenticationNumber[authentication]
    return number === null ? null : integer(number)
  },
  18: ({ syncGroup }) => text(syncGroup ?? ''),
  19: ({ announceDelaySeconds }) => gauge(announceDelaySeconds),
  27: ({ accept }) => truth(accept),
  30: ({ version }) => integer(version),
  34: ({ group }) => (group === null ? null : addressType(group)),
  35: ({ group }) => (group === null ? null : addressValue(group)),
}

const addressColumns: Readonly<Record<number, (address: AddressFacts) => Value | null>> = {
  2: ({ address }) => addressType(address),
  3: ({ address }) => addressValue(address),
  5: ({ address }) => prefixLength(address),
  6: ({ scope }) => scopeType(scope),
  8: each => text(each.interface),
  10: ({ held }) => truth(held),
  11: ({ advertised }) => truth(advertised),
}

const indexOrNull = (index: number | null): Value | null => (index === null ? null : integer(index))

type Group = { readonly name: string; readonly members: readonly RouterFacts[] }

function syncGroups(routers: readonly RouterFacts[]): readonly Group[] {
  const names = new Set(routers.flatMap(({ syncGroup }) => syncGroup ?? []))
  return [...names].map(name => {
    return { name, members: routers.filter(({ syncGroup }) => syncGroup === name) }
  })
}

/** They move together; while they do, the worst one is what the group has. */
function groupState(members: readonly RouterFacts[]): number {
  const states = members.map(({ state }) => state)
  const state = (['FAULT', 'INIT', 'BACKUP'] as const).find(each => states.includes(each))
  return stateNumber[state ?? 'MASTER']
}
