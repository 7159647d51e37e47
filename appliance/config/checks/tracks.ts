import { entryOf } from '../entry.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Path } from '../path.ts'
import type { Document, Router, Tracker } from '../schema.ts'
import { checkNames, portOf, wholeCheck } from '../whole-check.ts'

export function trackProblems(document: Document): readonly Problem[] {
  const { cluster } = document
  const { routers, trackers } = cluster
  const names = Object.keys(trackers)
  const tracked = Object.entries(routers).flatMap(([name, { track }]) => {
    const at: Path = ['cluster', 'routers', name, 'track']
    const seen = new Set<string>()
    return track.flatMap((each, index): readonly Problem[] => {
      const tracker = entryOf(trackers, each.tracker)
      if (tracker === undefined) {
        const hint = () => nameHint(each.tracker, names)
        return [contradiction([...at, index, 'tracker'], 'one of cluster.trackers', hint)]
      }
      if (seen.has(each.tracker)) {
        return [contradiction([...at, index, 'tracker'], 'each tracker once in a router')]
      }
      seen.add(each.tracker)
      return weightProblems([...at, index, 'weight'], each, tracker)
    })
  })
  const services = new Set(Object.keys(cluster.services))
  const own = Object.entries(trackers).flatMap(each => [
    ...ownProblems(each),
    ...serviceProblems(each, services),
    ...checkProblems(document, each),
  ])
  return [...tracked, ...own]
}

function weightProblems(
  at: Path,
  { weight }: Router['track'][number],
  { kind }: Tracker,
): readonly Problem[] {
  if (weight === 0) {
    return [contradiction(at, 'not 0, which changes nothing', 'keepalived: 0 is null here, FAULT')]
  }
  const inRange = weight === null || kind === 'file' || Math.abs(weight) <= 253
  return inRange ? [] : [contradiction(at, `a whole number from -253 to 253 for a ${kind}`)]
}

function ownProblems([name, tracker]: [string, Tracker]): readonly Problem[] {
  if (tracker.kind !== 'process' || tracker.most === null || tracker.most >= tracker.least)
    return []
  const at: Path = ['cluster', 'trackers', name, 'most']
  return [contradiction(at, `at least as many as "least", ${tracker.least}`)]
}

function serviceProblems(
  [name, tracker]: [string, Tracker],
  services: ReadonlySet<string>,
): readonly Problem[] {
  if (tracker.kind !== 'service' || services.has(tracker.service)) return []
  const at: Path = ['cluster', 'trackers', name, 'service']
  return [
    contradiction(at, 'one of cluster.services', () => nameHint(tracker.service, [...services])),
  ]
}

function checkProblems(document: Document, [name, tracker]: [string, Tracker]): readonly Problem[] {
  if (tracker.kind !== 'check') return []
  const at: Path = ['cluster', 'trackers', name]
  const check = wholeCheck(document, tracker.check)
  if (check === undefined) {
    const hint = () => nameHint(tracker.check, checkNames(document))
    return [contradiction([...at, 'check'], 'one of cluster.checks, or "ping" or "tcp"', hint)]
  }
  const known = tracker.port ?? ('port' in check ? check.port : undefined)
  if (portOf(check) === 'needed' && known === undefined) {
    return [contradiction([...at, 'port'], `a port: the check ${tracker.check} has none`)]
  }
  return []
}
