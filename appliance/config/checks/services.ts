import { contradiction, type Problem } from '../finding.ts'
import type { Document, Service } from '../schema.ts'
import { wholeCheck } from '../whole-check.ts'
import type { Endpoint, WholeService } from '../whole-service.ts'

/** What a service says about itself. */
export const serviceProblems = (document: Document, whole: WholeService): readonly Problem[] => [
  ...flagProblems(whole),
  ...persistenceProblems(whole),
  ...onePacketProblems(whole),
  ...quorumProblems(document, whole),
]

function flagProblems({ path, service: { scheduler, schedulerFlags } }: WholeService) {
  return schedulerFlags.flatMap((flag, index): readonly Problem[] => {
    const at = [...path, 'schedulerFlags', index]
    const [owner = ''] = flag.split('-')
    if (owner !== scheduler) {
      return [contradiction(at, `a flag of the scheduler: ${flag} is for ${owner}`)]
    }
    return schedulerFlags.indexOf(flag) < index ? [contradiction(at, 'each flag once')] : []
  })
}

const isUdp = ({ at }: Endpoint): boolean => at.kind === 'mark' || at.protocol === 'udp'

function persistenceProblems({ path, service, endpoints }: WholeService): readonly Problem[] {
  const at = [...path, 'persistence']
  const { persistence } = service
  if (persistence === null) {
    const open = endpoints.find(({ at }) => at.kind === 'address' && at.port === 0)
    if (open === undefined) return []
    const hint = 'write a port behind the address, or give the service "persistence": "6m"'
    return [contradiction(open.path, 'a port: all ports together need persistence', hint)]
  }
  const families = new Set(endpoints.map(({ family }) => family))
  if (families.size > 1) {
    return [contradiction(at, 'endpoints of one family: each has its own granularity')]
  }
  const granularity = granularityOf(persistence)
  if (families.has('inet') && granularity > 32) {
    return [contradiction([...at, 'granularity'], 'a whole number from 1 to 32 for IPv4')]
  }
  if (persistence.engine === 'sip' && !endpoints.every(isUdp)) {
    return [contradiction([...at, 'engine'], 'null: sip is for UDP')]
  }
  return []
}

const granularityOf = (persistence: NonNullable<Service['persistence']>): number =>
  ('granularity' in persistence ? persistence.granularity : undefined) ?? 1

function onePacketProblems({ path, service, endpoints }: WholeService): readonly Problem[] {
  if (!service.onePacket || endpoints.every(isUdp)) return []
  return [contradiction([...path, 'onePacket'], 'false: it is for UDP')]
}

/** With more than all servers together have the service would never be up. */
function quorumProblems(
  document: Document,
  { path, service: { quorum, hysteresis }, servers }: WholeService,
): readonly Problem[] {
  if (hysteresis >= quorum && hysteresis > 0) {
    const expected = `less than the quorum, ${quorum}: else the service would never go down`
    return [contradiction([...path, 'hysteresis'], expected)]
  }
  const sum = servers.reduce((total, { server }) => total + server.weight, 0)
  if (quorum + hysteresis <= Math.max(sum, 1) || servers.length === 0) return []
  const known = servers.every(({ uses }) =>
    uses.every(({ use }) => !saysWeight(document, use.check)),
  )
  if (!known) return []
  const key = quorum > sum ? 'quorum' : 'hysteresis'
  const most = key === 'quorum' ? sum : sum - quorum
  const expected = `at most ${most}: all servers together weigh ${sum}`
  return [contradiction([...path, key], expected)]
}

/** Then the weight is known only when it runs. */
function saysWeight(document: Document, name: string): boolean {
  const check = wholeCheck(document, name)
  return check?.kind === 'file' || (check?.kind === 'script' && check.dynamic)
}
