import type { DirectorConfig } from '../health/service-config.ts'
import { destinationText, serviceText } from '../ipvs/service-text.ts'
import { serverGrain, serviceGrain, type TrafficHistory } from '../ipvs/traffic-history.ts'
import { now } from '../linux/monotonic-clock.ts'
import { WallClock } from '../linux/wall-clock.ts'
import type { ServiceTrafficHistory, TrafficHistoryOfAll } from '../status/traffic-history.ts'

/** The hour of all services together, and what goes through each of them now. */
export function historyOfAll(
  { services }: DirectorConfig,
  history: TrafficHistory,
): TrafficHistoryOfAll {
  return {
    ...times(history),
    total: history.total(history.seenAt ?? now()),
    services: services.flatMap(({ name, at }) =>
      at.map(end => {
        const rates = history.newest(end)
        const [connections, packets, bytes] = rates ?? [null, null, null]
        return { service: name, at: serviceText(end), connections, packets, bytes }
      }),
    ),
  }
}

/** Null: there is no service of that name. */
export function historyOfOne(
  { services }: DirectorConfig,
  history: TrafficHistory,
  name: string,
): ServiceTrafficHistory | null {
  const service = services.find(each => each.name === name)
  if (service === undefined) return null
  const at = history.seenAt ?? now()
  return {
    ...times(history),
    serversEverySeconds: serverGrain.every / 1000,
    places: service.at.map(end => ({
      at: serviceText(end),
      series: history.service(end, at),
      servers: service.servers.map(server => ({
        name: server.name,
        at: destinationText(server.at),
        series: history.server(end, server.at, at),
      })),
    })),
  }
}

function times({ seenAt }: TrafficHistory) {
  const moment = now()
  return {
    everySeconds: serviceGrain.every / 1000,
    endsAt: new WallClock().iso(moment)(seenAt ?? moment),
  }
}
