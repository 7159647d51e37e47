/**
 * What the kernel should have for one service, and why. A pure function of what the checks say, the
 * operator's words and what is remembered of the last review.
 *
 *   a server's weight = (set by a check, or configured) × percents ± weights of checks that fail
 *   by the operator: another weight, 0 (drain), or out (disabled)
 *   down: out, or weight 0 with `inhibit`; too many down (panic): as if they were up
 *   less than the quorum up: the sorry server alone
 *   coming up: little by little (slow start); no longer configured: weight 0 until it is empty
 */

import { type Destination, destinationKey } from '../ipvs/service.ts'
import { type Instant, instant } from '../values/duration.ts'
import { judgeQuorum } from './quorum.ts'
import { isSameDestination } from './same-table.ts'
import { drainsAfter } from './server-drain.ts'
import { type CheckVerdict, fullWeight, serverVerdict, type Weight } from './server-weight.ts'
import type { Override, ServerConfig, ServiceConfig } from './service-config.ts'
import { drainEvents, eventsBetween } from './service-events.ts'
import type {
  Drain,
  ServerState,
  ServerStatus,
  ServiceReview,
  ServiceState,
} from './service-state.ts'
import { ramped } from './slow-start.ts'

export type Circumstances = {
  readonly config: ServiceConfig
  readonly checksOf: (server: ServerConfig) => readonly CheckVerdict[]
  readonly probesOf: (server: ServerConfig) => readonly string[]
  readonly overrideOf: (server: string) => Override | null
  /** In the kernel's table; null: not known. */
  readonly connectionsOf: (destination: string) => number | null
  readonly now: Instant
}

/** One server in the middle of a review. */
type Judged = {
  readonly config: ServerConfig
  readonly key: string
  readonly override: Override | null
  readonly judged: boolean
  readonly state: ServerState
  readonly full: Weight
}

export function reviewService(before: ServiceState | null, here: Circumstances): ServiceReview {
  const { config, now } = here
  const judged = config.servers.map(server => judgeServer(before, server, here))
  const panic = judgePanic(before?.panic ?? null, judged, config, now)
  const upWeight = judged.reduce((sum, each) => sum + quorumWeight(each, panic !== null), 0)
  const quorum = judgeQuorum(before?.quorum ?? null, upWeight, config, now)
  const sorryServes = !quorum.up && config.sorry !== null
  const { drains, ended } = drainsAfter(before, config, here.connectionsOf, now)

  const situation = { config, panic: panic !== null, sorryServes, now }
  const servers = judged.map(each => ({ ...each, place: placeServer(each, situation) }))
  const destinations = new Map<string, Destination>()
  for (const { key, state, place } of servers) {
    if (place.destination === null) continue
    destinations.set(key, sameDestination(state.destination, place.destination))
  }
  for (const [key, { destination }] of drains) destinations.set(key, destination)
  addSorry(destinations, config, sorryServes)

  const allJudged = servers.every(each => each.judged)
  const state: ServiceState = {
    quorum,
    toldUp: told(before?.toldUp ?? null, quorum.up, allJudged),
    panic,
    servers: new Map(
      servers.map(each => [
        each.key,
        { ...each.state, destination: destinations.get(each.key) ?? null },
      ]),
    ),
    drains,
  }
  const wakes = [
    ...servers.flatMap(({ place }) => (place.nextAt === null ? [] : [place.nextAt])),
    ...[...drains.values()].map(({ until }) => until),
  ]
  const list = [...destinations.values()]
  return {
    state,
    status: {
      name: config.name,
      up: quorum.up,
      since: quorum.since,
      why: quorum.why,
      upWeight,
      sorryServes,
      panic,
      servers: [
        ...servers.map(each => statusOf(each, here.probesOf(each.config))),
        ...[...drains.values()].map(drainStatus),
      ],
    },
    table: config.at.map(at => ({ at, settings: config.settings, destinations: list })),
    events: [...eventsBetween(before, state, config), ...drainEvents(before, state, ended, config)],
    wakeAt: wakes.length === 0 ? null : instant(Math.min(...wakes)),
  }
}

/** Nothing is told of what is down because nobody was asked yet. */
const told = (before: boolean | null, up: boolean, judged: boolean): boolean | null =>
  up ? true : judged || before === true ? false : before

/** The same object where nothing has changed. */
const sameDestination = (before: Destination | null, now: Destination): Destination =>
  before !== null && isSameDestination(before, now) ? before : now

const destinationOf = ({ at, settings }: ServerConfig, weight: number): Destination => ({
  at,
  settings: settings.weight === weight ? settings : { ...settings, weight },
})

function judgeServer(
  before: ServiceState | null,
  config: ServerConfig,
  { config: service, checksOf, overrideOf, now }: Circumstances,
): Judged {
  const key = destinationKey(config.at)
  const checks = checksOf(config)
  const override = overrideOf(`${service.name}/${config.name}`)
  const last = before?.servers.get(key) ?? null
  const { up, judged, why } = serverVerdict(checks)
  const changes = last === null || last.up !== up
  const found = judged ? null : (last?.found ?? null)
  const comesUp = up && judged && changes
  const rampFrom =
    !up || service.slowStart === null ? null : comesUp ? now : (last?.rampFrom ?? null)
  const state: ServerState = {
    name: config.name,
    destination: last?.destination ?? null,
    up,
    since: changes ? now : last.since,
    why,
    toldUp: told(last?.toldUp ?? null, up, judged),
    rampFrom,
    found,
  }
  const full =
    found === null || override?.weight != null
      ? fullWeight(config, checks, override)
      : { value: found, explanation: `${found}, as it was found, until its checks are answered` }
  return { config, key, override, judged, state, full }
}

const isAway = ({ override }: Judged): boolean => override !== null && override.state !== null

/** Who was not asked yet has not failed; who was taken out by an operator does not count. */
function judgePanic(
  before: ServiceState['panic'],
  servers: readonly Judged[],
  { panicBelow }: ServiceConfig,
  now: Instant,
): ServiceState['panic'] {
  const here = servers.filter(each => !isAway(each))
  const failed = here.filter(({ state, judged }) => judged && !state.up).length
  if (failed === 0 || (here.length - failed) / here.length >= panicBelow) return null
  const percent = Math.round(panicBelow * 1000) / 10
  const few = `${failed} of ${here.length} servers fail, less than ${percent} % are left`
  const why = `${few}: the failures are not believed`
  return { since: before?.since ?? now, why }
}

const isUsed = ({ state, judged }: Judged, panic: boolean): boolean => state.up || (panic && judged)

/** Slow start does not count: its servers are there. */
function quorumWeight(server: Judged, panic: boolean): number {
  if (isAway(server) || !isUsed(server, panic)) return 0
  const { weight } = server.config.settings
  if (!server.state.up) return weight
  // What was found may have been in the middle of a slow start.
  return server.state.found === null ? server.full.value : Math.max(weight, server.state.found)
}

type Place = {
  /** Null: not in the table. */
  readonly destination: Destination | null
  readonly explanation: string
  readonly nextAt: Instant | null
}

type Situation = {
  readonly config: ServiceConfig
  readonly panic: boolean
  readonly sorryServes: boolean
  readonly now: Instant
}

function placeServer(
  server: Judged,
  { config: service, panic, sorryServes, now }: Situation,
): Place {
  const { config, override, state, full } = server
  const placed = (weight: number | null, explanation: string): Place => ({
    destination: weight === null ? null : destinationOf(config, weight),
    explanation,
    nextAt: null,
  })
  if (override?.state === 'disabled') return placed(null, `disabled by ${override.by}`)
  if (!isUsed(server, panic)) {
    const why = server.judged ? 'it is down' : 'its checks have not answered yet'
    return config.inhibit ? placed(0, `0: ${why} (inhibit)`) : placed(null, `out: ${why}`)
  }
  if (sorryServes) {
    const why = 'the quorum is lost, the sorry server serves'
    const stays = config.inhibit || service.sorry?.inhibit === true
    return stays ? placed(0, `0: ${why}`) : placed(null, `out: ${why}`)
  }
  if (override?.state === 'drain') return placed(0, `0: drained by ${override.by}`)
  if (!state.up) {
    const { weight } = config.settings
    return placed(weight, `${weight} as configured: its failure is not believed`)
  }
  const { weight, nextAt } = ramped(full, service.slowStart, state.rampFrom, now)
  return { ...placed(weight.value, weight.explanation), nextAt }
}

function addSorry(
  destinations: Map<string, Destination>,
  { sorry }: ServiceConfig,
  serves: boolean,
): void {
  if (sorry === null) return
  const { at, settings, inhibit } = sorry
  const key = destinationKey(at)
  if (serves) destinations.set(key, { at, settings })
  else if (inhibit && !destinations.has(key)) {
    destinations.set(key, { at, settings: { ...settings, weight: 0 } })
  }
}

function statusOf(
  { config, override, judged, state, place }: Judged & { readonly place: Place },
  probes: readonly string[],
): ServerStatus {
  const byChecks = state.up ? 'up' : judged ? 'down' : 'unknown'
  const byOperator = { drain: 'drained', disabled: 'disabled' } as const
  return {
    name: config.name,
    at: config.at,
    state: override?.state == null ? byChecks : byOperator[override.state],
    since: state.since,
    why: state.why,
    configured: config.settings.weight,
    weight: place.destination?.settings.weight ?? null,
    explanation: place.explanation,
    override,
    probes,
  }
}

const drainStatus = ({ name, destination, since }: Drain): ServerStatus => ({
  name,
  at: destination.at,
  state: 'draining',
  since,
  why: 'it is no longer configured, and may have connections',
  configured: 0,
  weight: 0,
  explanation: '0: no longer configured',
  override: null,
  probes: [],
})
