import type { ServiceConfig } from '../health/service-config.ts'
import { type IpvsOp, planTable } from '../ipvs/plan.ts'
import type { Service } from '../ipvs/service.ts'

/** Operations on the kernel's table by kind; `operations` is all of them. */
export type TableChanges = {
  readonly operations: number
  readonly of: Readonly<Partial<Record<IpvsOp['kind'], number>>>
}

export function tableChanges(
  before: readonly ServiceConfig[],
  after: readonly ServiceConfig[],
): TableChanges {
  const ops = planTable(tableOf(after), tableOf(before))
  const of: Partial<Record<IpvsOp['kind'], number>> = {}
  for (const { kind } of ops) of[kind] = (of[kind] ?? 0) + 1
  return { operations: ops.length, of }
}

/** While every server is up: the sorry server has nothing to do. */
const tableOf = (services: readonly ServiceConfig[]): readonly Service[] =>
  services.flatMap(({ at, settings, servers }: ServiceConfig) =>
    at.map(each => ({ at: each, settings, destinations: servers })),
  )
