import type { ServiceTraffic } from '../status/service-answers.ts'
import type { ServiceStatus } from '../status/service-status.ts'
import { counter, type Family, gauge, type Sample, stateSamples } from './exposition.ts'

const serviceStates = ['up', 'down', 'unknown'] as const

/**
 * Each server has a few lines. So many of them all servers of a large box would be megabytes at
 * each look: then the services alone are told.
 */
export const mostServers = 2000

export function serviceMetrics(
  services: readonly ServiceStatus[],
  traffic: readonly ServiceTraffic[],
): readonly Family[] {
  const servers = services.reduce((sum, service) => sum + service.servers.length, 0)
  return [
    gauge(
      'diarch_service_state',
      '1 for the state that the service is in.',
      services.flatMap(({ name, state }) => stateSamples(serviceStates, state, { service: name })),
    ),
    gauge(
      'diarch_service_servers',
      'Servers of the service.',
      services.map(({ name, servers: all }) => ({ labels: { service: name }, value: all.length })),
    ),
    gauge(
      'diarch_service_servers_up',
      'Servers of the service that are up.',
      services.map(({ name, servers: all }) => {
        return { labels: { service: name }, value: all.filter(isUp).length }
      }),
    ),
    gauge('diarch_servers_left_out', 'Servers without lines of their own.', [
      { labels: {}, value: servers > mostServers ? servers : 0 },
    ]),
    ...counters('diarch_service', 'service', traffic.map(ofService)),
    ...(servers > mostServers ? [] : serverMetrics(services, traffic)),
  ]
}

function serverMetrics(
  services: readonly ServiceStatus[],
  traffic: readonly ServiceTraffic[],
): readonly Family[] {
  const each = services.flatMap(({ name: service, servers }) =>
    servers.map(server => ({ labels: { service, server: server.name }, server })),
  )
  const lines = traffic.flatMap(({ service, servers }) =>
    servers.map(({ name: server, ...rest }) => ({ labels: { service, server }, ...rest })),
  )
  return [
    gauge(
      'diarch_server_up',
      '1: its checks pass.',
      each.map(({ labels, server }) => ({ labels, value: isUp(server) ? 1 : 0 })),
    ),
    gauge(
      'diarch_server_weight',
      "In the kernel's table; 0 where it is not there.",
      each.map(({ labels, server }) => ({ labels, value: server.weight ?? 0 })),
    ),
    gauge(
      'diarch_server_connections_active',
      'Connections that the kernel counts as active.',
      lines.map(({ labels, active }) => ({ labels, value: active })),
    ),
    gauge(
      'diarch_server_connections_inactive',
      'Connections that are about to end, or speak no TCP.',
      lines.map(({ labels, inactive }) => ({ labels, value: inactive })),
    ),
    ...counters('diarch_server', 'server', lines),
  ]
}

type Counted = Pick<ServiceTraffic, 'traffic'> & Pick<Sample, 'labels'>

const ofService = ({ service, traffic }: ServiceTraffic): Counted => {
  return { labels: { service }, traffic }
}

function counters(prefix: string, what: string, all: readonly Counted[]): readonly Family[] {
  const of = (value: (traffic: NonNullable<Counted['traffic']>) => number) =>
    all.flatMap(({ labels, traffic }) =>
      traffic === null ? [] : [{ labels, value: value(traffic) }],
    )
  const word = `Of the ${what}, by the kernel's counters.`
  return [
    counter(
      `${prefix}_connections_total`,
      word,
      of(({ connections }) => connections),
    ),
    counter(
      `${prefix}_packets_in_total`,
      word,
      of(({ packetsIn }) => packetsIn),
    ),
    counter(
      `${prefix}_packets_out_total`,
      word,
      of(({ packetsOut }) => packetsOut),
    ),
    counter(
      `${prefix}_bytes_in_total`,
      word,
      of(({ bytesIn }) => bytesIn),
    ),
    counter(
      `${prefix}_bytes_out_total`,
      word,
      of(({ bytesOut }) => bytesOut),
    ),
  ]
}

const isUp = ({ state }: { readonly state: string }): boolean => state === 'up'
