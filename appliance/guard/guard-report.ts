import type { Alarm } from '../status/document.ts'
import type { GuardReport, GuardStatus, PathStatus } from '../status/guard-status.ts'
import { type Duration, type Instant, seconds } from '../values/duration.ts'
import { type Guard, unheardText } from './guard.ts'
import { isSerial, type PathConfig } from './guard-config.ts'
import type { PathPicture } from './path-picture.ts'

type Iso = (moment: Instant) => string

/** A path that was never heard may yet be: the other box starts too. */
const startingTime: Duration = seconds(10)

export function guardReport(guard: Guard, now: Instant, iso: Iso): GuardReport {
  const { boot, accepted } = guard.session
  return {
    status: guardStatus(guard, now, iso),
    alarms: guardAlarms(guard, now, iso),
    session: { boot, accepted },
    fencing: { held: guard.fencing.held, wish: guard.fencing.wish },
  }
}

function guardStatus(guard: Guard, now: Instant, iso: Iso): GuardStatus {
  const { config, restraint, splits } = guard
  return {
    policy: config.policy,
    restraint,
    peer: peerStatus([...guard.paths.values()], now, iso),
    paths: eachPath(guard).map(([path, picture]) => pathStatus(path, picture, iso)),
    splits: splits.all().map(({ router, since, seen }) => ({
      router,
      since: iso(since),
      why: [...seen].join('; '),
    })),
    leases: guard.leases.status(now),
  }
}

const eachPath = ({ config, paths }: Guard): readonly (readonly [PathConfig, PathPicture])[] =>
  config.paths.flatMap(path => {
    const picture = paths.get(path.name)
    return picture === undefined ? [] : [[path, picture] as const]
  })

function peerStatus(paths: readonly PathPicture[], now: Instant, iso: Iso): GuardStatus['peer'] {
  if (paths.length === 0) return { state: 'unknown', since: iso(now), why: 'there is no path' }
  const up = paths.filter(({ state }) => state === 'up')
  const since = (some: readonly PathPicture[], which: (...at: number[]) => number): string =>
    iso(which(...some.map(path => path.since)) as Instant)
  if (up.length > 0) {
    const why = `heard over ${up.length} of ${paths.length} paths`
    return { state: 'heard', since: since(up, Math.min), why }
  }
  const heard = paths.filter(({ heardAt }) => heardAt !== null)
  if (heard.length === 0) {
    const why = 'no heartbeat has come yet'
    return { state: 'unknown', since: since(paths, Math.min), why }
  }
  return { state: 'silent', since: since(heard, Math.max), why: 'no path carries heartbeats' }
}

function pathStatus(config: PathConfig, path: PathPicture, iso: Iso): PathStatus {
  const { state, since, heardAt, sent, received, missing, refused } = path
  return {
    name: config.name,
    state,
    since: iso(since),
    why: pathWords(path),
    interface: isSerial(config) ? config.serial : config.interface,
    peer: isSerial(config) ? null : config.peer,
    baud: isSerial(config) ? config.baud : null,
    heardAt: heardAt === null ? null : iso(heardAt),
    counters: { sent, received, missing, refused: { ...refused } },
  }
}

function pathWords({ state, obstacle, refused }: PathPicture): string {
  if (obstacle !== null) return obstacle
  if (state === 'up') return 'heartbeats come in'
  const [reason] = Object.keys(refused)
  if (reason !== undefined) return `what comes in is refused: ${reason}`
  return state === 'unknown' ? 'no heartbeat has come yet' : 'no heartbeat comes in any more'
}

function guardAlarms(guard: Guard, now: Instant, iso: Iso): readonly Alarm[] {
  const silent = eachPath(guard).flatMap(([{ name }, path]): Alarm[] => {
    const { state, since } = path
    if (state === 'up' || (state === 'unknown' && now - since < startingTime)) return []
    const message = `Nothing is heard of the other box over ${name}: ${pathWords(path)}`
    return [{ reason: 'path-silent', message, since: iso(since) }]
  })
  const unheard = [...guard.unheard].map(([router, since]): Alarm => {
    const message = `${router}: ${unheardText}`
    return { reason: 'adverts-missing', message, since: iso(since) }
  })
  const splits = guard.splits.all().map(({ router, since, seen }): Alarm => {
    const message = `Two boxes have the addresses of ${router}: ${[...seen].join('; ')}`
    return { reason: 'split-brain', message, since: iso(since) }
  })
  const unanswered = guard.leases.silent(now).map(([name, since]): Alarm => {
    const message = `The witness ${name} does not answer: nobody leads when the boxes are cut off`
    return { reason: 'witness-silent', message, since: iso(since) }
  })
  return [...splits, ...unheard, ...silent, ...unanswered]
}
