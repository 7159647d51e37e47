import type { AlarmText } from './alarm-text.ts'
import { byBusPath, nextFreeName, portNameProblem } from './port-name-rules.ts'

/**
 * Which name each port gets. A name belongs to a card, which its hardware address tells; where that
 * cannot tell (the card was replaced, two cards share an address), the place on the bus decides.
 */

export type RecordedPort = {
  readonly name: string
  readonly mac: string
  /** Where it is plugged in: `pci0000:00/0000:00:03.0`. */
  readonly path: string
}

export type PresentPort = {
  readonly kernelName: string
  readonly mac: string
  /** False when the kernel made the address up or somebody set it: then only the path counts. */
  readonly macIsOwn: boolean
  readonly path: string
}

export type Rename = { readonly from: string; readonly to: string }

export type PortPlan = {
  readonly renames: readonly Rename[]
  readonly recorded: readonly RecordedPort[]
  readonly alarms: readonly AlarmText[]
}

type Match = (recorded: RecordedPort, present: PresentPort) => boolean

const samePath: Match = (recorded, present) => recorded.path === present.path
const sameMac: Match = (recorded, present) => present.macIsOwn && recorded.mac === present.mac
const sameBoth: Match = (recorded, present) =>
  samePath(recorded, present) && sameMac(recorded, present)

/**
 * Moves the pairs that match to `pairs`. Two ports cannot be in one place, but they can have one
 * address: then the address says nothing.
 */
const pair = (
  recorded: RecordedPort[],
  present: PresentPort[],
  pairs: Map<RecordedPort, PresentPort>,
  match: Match,
): void => {
  for (const port of [...present]) {
    const candidates = recorded.filter(candidate => match(candidate, port))
    const [record] = candidates
    if (!record) continue
    const rivals = present.filter(candidate => match(record, candidate))
    if (match === sameMac && candidates.length + rivals.length > 2) continue
    pairs.set(record, port)
    present.splice(present.indexOf(port), 1)
    recorded.splice(recorded.indexOf(record), 1)
  }
}

/** Names that cannot stand are given up; `name` is then empty and the port gets a new one. */
const checkNames = (
  recorded: readonly RecordedPort[],
  taken: readonly string[],
): { kept: RecordedPort[]; problems: string[] } => {
  const used = new Set(taken)
  const problems: string[] = []
  const kept = recorded.map(port => {
    const problem = used.has(port.name) ? 'is already in use' : portNameProblem(port.name)
    if (!problem) {
      used.add(port.name)
      return port
    }
    problems.push(`the name ${JSON.stringify(port.name)} for ${port.mac} ${problem}`)
    return { ...port, name: '' }
  })
  return { kept, problems }
}

const alarm = (reason: string, items: readonly string[], advice: string): AlarmText[] =>
  items.length > 0 ? [{ reason, message: `${items.join('; ')}. ${advice}` }] : []

/**
 * `taken` are names of interfaces that are no ports (`lo`, bridges). Planning again after the
 * renames plans none.
 */
export const planPorts = (
  recorded: readonly RecordedPort[],
  present: readonly PresentPort[],
  taken: readonly string[] = ['lo'],
): PortPlan => {
  const { kept, problems } = checkNames(recorded, taken)
  const unmatched = [...kept]
  const unknown = [...present]
  const pairs = new Map<RecordedPort, PresentPort>()
  for (const match of [sameBoth, sameMac, samePath]) pair(unmatched, unknown, pairs, match)

  const used = new Set([...taken, ...kept.map(port => port.name)])
  const nameFor = (given: string): string => {
    const name = given || nextFreeName(used)
    used.add(name)
    return name
  }
  const occupied = new Set(present.map(port => port.path))
  const next: RecordedPort[] = []
  const renames: Rename[] = []
  const replaced: string[] = []
  const missing: string[] = []
  const settle = (name: string, port: PresentPort, known: string | null = null): void => {
    // A member of a bond has the bond's address for the time being.
    next.push({ name, mac: port.macIsOwn ? port.mac : (known ?? port.mac), path: port.path })
    if (port.kernelName !== name) renames.push({ from: port.kernelName, to: name })
  }
  // In the recorded order, so that the operator's file changes as little as possible.
  for (const record of kept) {
    const name = nameFor(record.name)
    const port = pairs.get(record)
    if (port) {
      settle(name, port, record.mac)
      if (port.macIsOwn && port.mac !== record.mac) {
        replaced.push(`${name} was ${record.mac} and is now ${port.mac} (${port.path})`)
      }
    } else {
      // Its place is forgotten once another port is there, which the place then tells from it.
      const path = occupied.has(record.path) ? '' : record.path
      next.push({ name, mac: record.mac, path })
      missing.push(`${name} (${record.mac}${path && `, ${path}`}) was not found`)
    }
  }
  const newcomers = unknown.toSorted((one, two) => byBusPath(one.path, two.path))
  for (const port of newcomers) settle(nameFor(''), port)

  const alarms = [
    ...alarm('port-name-refused', problems, 'It got the next free name.'),
    ...alarm('ports-changed', replaced, 'The new card took over the name; check its cable.'),
    ...alarm(
      'port-missing',
      missing,
      'Check the card, or have it forgotten: diarch ports forget NAME.',
    ),
  ]
  return { renames, recorded: next, alarms }
}
