import type { ServerStatus, ServiceStatus } from '../status/service-status.ts'
import { bracketed, endpointText } from '../values/endpoint-text.ts'
import { lengthWords, table } from './table.ts'

/** The services for people, each server with why its weight is what it is. */
export function showServices(services: readonly ServiceStatus[], now: number): string {
  if (services.length === 0) return 'the configuration names no services'
  return services.map(service => showService(service, now)).join('\n\n')
}

function showService(service: ServiceStatus, now: number): string {
  const { name, at, scheduler, state } = service
  const up = service.servers.filter(each => each.state === 'up').length
  const healthy = `${up} of ${service.servers.length} servers up`
  const said = `${state.toUpperCase()}, ${servingWords(service)}`
  const head = `${name}  ${at.join(', ')}  ${scheduler}  ${said}`
  const why = `  ${healthy}: ${service.why}`
  const rows = service.servers.map(server => row(server, now))
  const heading = ['  SERVER', 'AT', 'FORWARD', 'STATE', 'SINCE', 'WEIGHT', 'WHY']
  return `${head}\n${why}\n${table(heading, rows)}`
}

function servingWords({ serving }: ServiceStatus): string {
  switch (serving) {
    case 'servers':
      return 'its servers serve'
    case 'sorry-server':
      return 'the sorry server serves'
    case 'all':
      return 'all servers serve, too few are up'
    case 'nobody':
      return 'nobody serves'
  }
}

function row(server: ServerStatus, now: number): string[] {
  const { name, address, port, forwarding, state, since, why, explanation } = server
  // Port 0: the one that the client asked for.
  const at = port === 0 ? bracketed(address) : endpointText(address, port)
  const length = lengthWords((now - Date.parse(since)) / 1000)
  return [`  ${name}`, at, forwarding, state.toUpperCase(), length, explanation, why]
}
