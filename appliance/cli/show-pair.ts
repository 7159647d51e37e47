import type { FoundBox } from '../pairing/discovery.ts'
import { peerText } from '../pairing/peer-address.ts'
import type { PairStatus, PeerReport, PeerStatus } from '../status/pair-status.ts'
import { table } from './table.ts'

export type ShownPair = PairStatus & {
  readonly conflict: {
    readonly ours: Head
    readonly theirs: Head
    readonly differences: readonly string[]
  } | null
}

type Head = { readonly author: string; readonly reason: string }

export function showPair(shown: ShownPair): string {
  const { peer, key, handover, conflict, codeExpiresAt } = shown
  const lines = [pairText(shown)]
  if (peer !== null) {
    const version = peer.version === null ? '' : `, version ${peer.version}`
    lines.push(`peer: ${peer.name} at ${peer.address}${version}`, ...keyLines(peer, key))
    if (peer.report !== null) lines.push(...reportLines(peer.report))
  }
  if (handover !== null) lines.push(`last handover, ${handover.at}: ${handover.text}`)
  if (codeExpiresAt !== null) lines.push(`another box may join until ${codeExpiresAt}`)
  if (conflict !== null) lines.push('', ...conflictLines(conflict))
  return lines.join('\n')
}

function keyLines(peer: PeerStatus, key: PairStatus['key']): readonly string[] {
  const since = (at: string | null): string => (at === null ? '' : `, since ${at}`)
  const theirs = `its key: SHA-256 ${peer.fingerprint}${since(peer.keySince)}`
  if (key === null) return [theirs]
  const more = key.isChanging
    ? ' (a new one comes when both are in sync and the peer can learn it)'
    : ''
  return [theirs, `key of this box: SHA-256 ${key.fingerprint}${since(key.since)}${more}`]
}

export type FoundBoxes = { readonly boxes: readonly FoundBox[] }

export const showFoundBoxes = ({ boxes }: FoundBoxes): string =>
  boxes.length === 0
    ? 'no box on the networks of this one shows a pairing code: "diarch pair code" there does'
    : boxes
        .map(({ name, version, addresses, port }) => {
          const at = addresses.map(address => peerText(address, port)).join(', ')
          return `${name} at ${at}, version ${version}`
        })
        .join('\n')

export const pairText = ({ state, why }: PairStatus): string => `${state}: ${why}`

/** What it says of itself. */
function reportLines({ health, alarms, maintenance, routers }: PeerReport): readonly string[] {
  const count = alarms === 1 ? '1 alarm' : `${alarms} alarms`
  const out = maintenance ? ', in maintenance' : ''
  const rows = routers.map(({ name, state, priority, why }) => [
    ...['', name, state, String(priority), why],
  ])
  const states = rows.length === 0 ? [] : [table(['', 'ROUTER', 'THERE', 'PRIO', 'WHY'], rows)]
  return [`it is ${health.state}${out}, ${count}: ${health.why}`, ...states]
}

/** `is ok, master of VI_1`. */
export function reportText({ health, alarms, maintenance, routers }: PeerReport): string {
  const masters = routers.filter(({ state }) => state === 'MASTER').map(({ name }) => name)
  const [first, ...more] = masters
  const others = more.length === 0 ? '' : ` and ${more.length} more`
  const holds = first === undefined ? 'master of nothing' : `master of ${first}${others}`
  return [
    `is ${health.state}`,
    ...(maintenance ? ['in maintenance'] : []),
    ...(alarms === 0 ? [] : [alarms === 1 ? '1 alarm' : `${alarms} alarms`]),
    holds,
  ].join(', ')
}

function conflictLines({
  ours,
  theirs,
  differences,
}: NonNullable<ShownPair['conflict']>): readonly string[] {
  const head = ({ author, reason }: Head): string =>
    reason === '' ? author : `${author}: ${reason}`
  return [
    `changed here by ${head(ours)}`,
    `changed there by ${head(theirs)}`,
    'From here to there:',
    ...differences.map(each => `  ${each}`),
    'Keep one of them: diarch pair resolve --keep ours, or --keep theirs',
  ]
}
