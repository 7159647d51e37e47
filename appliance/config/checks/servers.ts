import { destinationKey } from '../../ipvs/service.ts'
import { destinationText } from '../../ipvs/service-text.ts'
import { familyOf } from '../../values/ip-address.ts'
import { contradiction, type Problem } from '../finding.ts'
import type { Path } from '../path.ts'
import type { Document, Service } from '../schema.ts'
import type { Reached, WholeService } from '../whole-service.ts'
import { familyName } from './transport.ts'

export function serverProblems(document: Document, whole: WholeService): readonly Problem[] {
  const { path, service, servers, sorry } = whole
  const holders = new Map<string, string>()
  const found = servers.flatMap((server): readonly Problem[] => {
    const key = destinationKey(server.at)
    const other = holders.get(key)
    holders.set(key, server.name)
    if (other !== undefined) {
      const expected = `another address or port: ${other} has ${destinationText(server.at)} too`
      return [contradiction(server.path, expected)]
    }
    const { upper, lower } = server.server
    const way = wayProblems(server, whole, document)
    if (lower <= upper) return way
    const expected = `at most as many as "mostConnections", ${upper}`
    return [contradiction([...server.path, 'resumeBelow'], expected), ...way]
  })
  if (sorry !== null) {
    const twin = holders.get(destinationKey(sorry.at))
    if (twin === undefined) found.push(...wayProblems(sorry, whole, document))
    else {
      const expected = `another address or port: ${twin} has ${destinationText(sorry.at)} too`
      found.push(contradiction(sorry.path, expected))
    }
  }
  return [...forwardingProblems(path, service), ...found]
}

/** What the kernel cannot do on the way from an endpoint to a server. */
function wayProblems(
  server: Reached,
  { endpoints }: WholeService,
  { cluster }: Document,
): readonly Problem[] {
  const { path, at, portWritten, forwarding } = server
  const family = familyOf(at.address)
  const mixed = endpoints.find(endpoint => endpoint.family !== family)
  if (mixed !== undefined && forwarding.method !== 'tunnel') {
    const expected = `an address of ${familyName(mixed.family)}, as the service has`
    return [contradiction(path, expected, 'only a tunnel leads to the other family')]
  }
  if (mixed !== undefined && cluster.director.sync !== null) {
    const expected = `an address of ${familyName(mixed.family)}, as the service has`
    const hint = 'the kernel has no connection sync for servers of the other family'
    return [contradiction(path, expected, hint)]
  }
  if (forwarding.method === 'nat' || !portWritten) return []
  const ports = new Set(endpoints.map(each => (each.at.kind === 'mark' ? 0 : each.at.port)))
  const [port = at.port, ...others] = ports
  if (port === at.port && others.length === 0) return []
  const one = port !== 0 && others.length === 0 ? `port ${port}, as the service has` : 'no port'
  const hint = 'for a check on another port give the check a "port"'
  return [contradiction(path, `${one}: ${forwarding.method} does not change ports`, hint)]
}

function forwardingProblems(path: Path, { forwarding, servers, sorryServer }: Service) {
  const found = [...tunnelProblems([...path, 'forwarding'], forwarding)]
  for (const [name, server] of Object.entries(servers)) {
    if (!('forwarding' in server) || typeof server.forwarding !== 'object') continue
    found.push(...tunnelProblems([...path, 'servers', name, 'forwarding'], server.forwarding))
  }
  if (sorryServer !== null && 'forwarding' in sorryServer) {
    found.push(...tunnelProblems([...path, 'sorryServer', 'forwarding'], sorryServer.forwarding))
  }
  return found
}

function tunnelProblems(at: Path, written: Service['forwarding'] | undefined): readonly Problem[] {
  if (typeof written !== 'object') return []
  const { tunnel, port, checksum } = written
  if (tunnel === 'gue' && port === undefined) {
    return [contradiction([...at, 'port'], 'the UDP port of the tunnel')]
  }
  if (tunnel !== 'gue' && port !== undefined) {
    return [contradiction([...at, 'port'], `no port: ${tunnel} has none`)]
  }
  if (tunnel === 'ipip' && checksum !== 'none') {
    return [contradiction([...at, 'checksum'], '"none": ipip has no checksum')]
  }
  if (tunnel === 'gre' && checksum === 'remote') {
    return [contradiction([...at, 'checksum'], '"none" or "full" for gre')]
  }
  return []
}
