import type { Health } from '../health/health.ts'
import { latency, verdictText } from '../health/probe-verdict.ts'
import type { DirectorConfig, ServiceConfig } from '../health/service-config.ts'
import { type Connection, connectionKey } from '../ipvs/connection.ts'
import { destinationKey, type SeenService, type ServiceAt, serviceKey } from '../ipvs/service.ts'
import { destinationText, serviceText } from '../ipvs/service-text.ts'
import type { TrafficHistory } from '../ipvs/traffic-history.ts'
import { readConnections } from '../linux/ipvs-connections.ts'
import { now } from '../linux/monotonic-clock.ts'
import { WallClock } from '../linux/wall-clock.ts'
import type { DirectorAnswer, DirectorQuestion } from '../status/director-messages.ts'
import type { Explanation, ServiceTraffic } from '../status/service-answers.ts'
import type { Lateness } from './lateness.ts'
import type { TableKeeper } from './table-keeper.ts'
import { historyOfAll, historyOfOne } from './traffic-answers.ts'

export type AnswersSite = {
  readonly config: DirectorConfig
  readonly health: Health
  readonly table: TableKeeper
  readonly lateness: Lateness
  readonly history: TrafficHistory
  readonly checkNow: (server: string | null) => void
}

/** What people ask now and then. */
export async function answerTo(
  question: DirectorQuestion,
  site: AnswersSite,
): Promise<DirectorAnswer> {
  switch (question.ask) {
    case 'traffic':
      return { ok: true, value: { services: traffic(question.service, site) } }
    case 'history':
      return history(question.service, site)
    case 'connections':
      return connections(question, site)
    case 'established':
      return established(question)
    case 'known':
      return known(question.keys)
    case 'load':
      return { ok: true, value: { ...site.health.load(), lateMs: site.lateness.report() } }
    case 'check-now':
      site.checkNow(question.server)
      return { ok: true, value: { asked: question.server ?? 'all' } }
    case 'explain': {
      const value = explain(question.server, site)
      if (value !== null) return { ok: true, value }
      return { ok: false, title: `There is no server "${question.server}"`, detail: '' }
    }
  }
}

function history(name: string | null, { config, history: kept }: AnswersSite): DirectorAnswer {
  const value = name === null ? historyOfAll(config, kept) : historyOfOne(config, kept, name)
  if (value !== null) return { ok: true, value }
  return { ok: false, title: `There is no service "${name}"`, detail: '' }
}

function traffic(name: string | null, { config, table }: AnswersSite): readonly ServiceTraffic[] {
  const seen = new Map(table.read().map(service => [serviceKey(service.at), service]))
  return config.services
    .filter(service => name === null || service.name === name)
    .flatMap(service => service.at.map(at => ({ service, at })))
    .map(({ service, at }) => trafficOf(service, at, seen.get(serviceKey(at))))
}

function trafficOf(
  { name, servers }: ServiceConfig,
  at: ServiceAt,
  seen: SeenService | undefined,
): ServiceTraffic {
  const names = new Map(servers.map(server => [destinationKey(server.at), server.name]))
  return {
    service: name,
    at: serviceText(at),
    traffic: seen?.traffic ?? null,
    servers: (seen?.destinations ?? []).map(destination => ({
      name: names.get(destinationKey(destination.at)) ?? destinationText(destination.at),
      at: destinationText(destination.at),
      forwarding: destination.settings.forwarding.method,
      weight: destination.settings.weight,
      active: destination.active,
      inactive: destination.inactive,
      persistent: destination.persistent,
      traffic: destination.traffic,
    })),
  }
}

type AboutConnections = Extract<DirectorQuestion, { ask: 'connections' }>

async function connections(
  { service, most }: AboutConnections,
  { config, table }: AnswersSite,
): Promise<DirectorAnswer> {
  const ends = config.services
    .filter(({ name }) => service === null || name === service)
    .flatMap(({ at }) => at)
    .flatMap(at => (at.kind === 'address' ? [destinationKey(at)] : []))
  if (table.kernel === null) {
    return { ok: false, title: 'There are no connections', detail: table.refused.join(' ') }
  }
  const wanted = new Set(ends)
  const value = await readConnections(most, ({ virtual }) => wanted.has(destinationKey(virtual)))
  return { ok: true, value }
}

type AboutEstablished = Extract<DirectorQuestion, { ask: 'established' }>

async function established({ addresses, most }: AboutEstablished): Promise<DirectorAnswer> {
  const wanted = new Set(addresses)
  const { connections: found, more } = await readConnections(
    most,
    ({ state, virtual }) => state === 'ESTABLISHED' && wanted.has(virtual.address),
  )
  return { ok: true, value: { keys: found.map(connectionKey), more } }
}

async function known(keys: readonly string[]): Promise<DirectorAnswer> {
  const wanted = new Set(keys)
  const isWanted = (connection: Connection): boolean => wanted.has(connectionKey(connection))
  const { connections: found } = await readConnections(keys.length, isWanted)
  return { ok: true, value: { known: found.length } }
}

function explain(name: string, { config, health, table }: AnswersSite): Explanation | null {
  const [serviceName = '', serverName = ''] = name.split('/')
  const service = health.status(serviceName)
  const server = service?.servers.find(each => each.name === serverName)
  if (service === null || server === undefined) return null
  const iso = new WallClock().iso(now())
  const { scheduler } = config.services.find(each => each.name === serviceName)?.settings ?? {}
  return {
    server: name,
    at: destinationText(server.at),
    scheduler: scheduler ?? '',
    state: server.state,
    since: iso(server.since),
    why: server.why,
    weight: table.missing === null ? server.weight : null,
    explanation: server.explanation,
    missing: table.missing,
    override: server.override,
    checks: server.probes.flatMap(id => {
      const found = health.probe(id)
      if (found === null) return []
      const { probe, verdict } = found
      const times = latency(verdict.history)
      return [
        {
          name: probe.check.name,
          kind: probe.check.question.kind,
          says: verdictText(verdict, iso),
          usedBy: [...probe.services],
          latencyMs: times,
          history: verdict.history.map(({ at, took, reason, why }) => {
            return { at: iso(at), tookMs: took, passed: reason === null, reason, why }
          }),
        },
      ]
    }),
  }
}
