import { serviceKey } from '../../ipvs/service.ts'
import { serviceText } from '../../ipvs/service-text.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Path } from '../path.ts'
import type { Service } from '../schema.ts'
import type { WholeRouter } from '../whole-router.ts'
import type { Endpoint, WholeService } from '../whole-service.ts'

/** What clients connect to: each once in the kernel, and the addresses have to be somewhere. */
export function endpointProblems(
  services: readonly WholeService[],
  routers: readonly WholeRouter[],
): readonly Problem[] {
  const holders = new Map<string, string>()
  const addresses = new Set<string>()
  for (const router of routers) {
    for (const { prefix } of router.addresses) addresses.add(prefix.address)
  }
  return services.flatMap(({ name, path, service, endpoints }) => [
    ...service.virtual.flatMap((written, index) =>
      formProblems([...path, 'virtual', index], written),
    ),
    // Of a range the first one is enough.
    ...firstOfEach(
      endpoints.flatMap((endpoint): readonly Problem[] => {
        const key = serviceKey(endpoint.at)
        const other = holders.get(key)
        holders.set(key, name)
        if (other === name) return [contradiction(endpoint.path, 'each endpoint once')]
        if (other !== undefined) {
          const expected = `another endpoint: ${other} has ${serviceText(endpoint.at)} too`
          return [contradiction(endpoint.path, expected)]
        }
        return routers.length === 0 ? [] : unheldProblems(endpoint, addresses)
      }),
    ),
  ])
}

const firstOfEach = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter(({ path }, index) => problems[index - 1]?.path !== path)

function unheldProblems(
  { path, at, held }: Endpoint,
  addresses: ReadonlySet<string>,
): readonly Problem[] {
  if (at.kind === 'mark' || !held || addresses.has(at.address)) return []
  const hint = (): string => {
    const near = nameHint(at.address, [...addresses])
    const others = 'One that is here by other means has "held": false'
    return near.endsWith('?') ? `${near} ${others}` : `${near}. ${others}`
  }
  return [contradiction(path, `an address of a virtual router: none has ${at.address}`, hint)]
}

function formProblems(at: Path, written: Service['virtual'][number]): readonly Problem[] {
  if ('addresses' in written) return []
  const { address, port, protocol, mark, family, held } = written
  if ((address === undefined) === (mark === undefined)) {
    return [contradiction(at, 'one of address and mark')]
  }
  if (mark === undefined) {
    if (family === undefined) return []
    return [contradiction([...at, 'family'], 'no family: the address says it')]
  }
  if (port !== undefined) return [contradiction([...at, 'port'], 'no port: the mark is enough')]
  if (protocol !== undefined) {
    return [contradiction([...at, 'protocol'], 'no protocol: the mark is enough')]
  }
  return held ? [] : [contradiction([...at, 'held'], 'an address with it: a mark is not held')]
}
