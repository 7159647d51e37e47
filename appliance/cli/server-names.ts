import type { ServerStatus, ServiceStatus } from '../status/service-status.ts'
import { ask } from './control-client.ts'
import { exitCode, Failure } from './exit-code.ts'

export type Named = { readonly service: ServiceStatus; readonly server: ServerStatus }

export function pathOfServer({ service, server }: Named, action: string): string {
  const [of, own] = [service.name, server.name].map(encodeURIComponent)
  return `/api/v1/services/${of}/servers/${own}/${action}`
}

export async function askServices(runDir: string): Promise<readonly ServiceStatus[]> {
  const answer = (await ask(runDir, 'GET', '/api/v1/services')) as Services
  return answer.services
}

export const askService = async (runDir: string, name: string): Promise<ServiceStatus> =>
  (await ask(runDir, 'GET', `/api/v1/services/${encodeURIComponent(name)}`)) as ServiceStatus

type Services = { readonly services: readonly ServiceStatus[] }

/** `shop/web1` is one server of one service; `web1` is every server of that name or address. */
export async function askServers(runDir: string, text: string): Promise<readonly Named[]> {
  const services = await askServices(runDir)
  const all = services.flatMap(service => service.servers.map(server => ({ service, server })))
  const found = all.filter(({ service, server }) => {
    return [`${service.name}/${server.name}`, server.name, server.address].includes(text)
  })
  if (found.length > 0) return found
  const names = all.map(({ service, server }) => `${service.name}/${server.name}`)
  const shown = names.length > 20 ? [...names.slice(0, 20), '...'] : names
  const there = names.length === 0 ? 'There are no servers.' : `There are: ${shown.join(', ')}.`
  throw new Failure(`there is no server "${text}". ${there}`, exitCode.failed)
}
