import type { Family } from '../values/ip-address.ts'
import { type Prefix, prefixText } from '../values/prefix.ts'
import type { VirtualRule } from '../vrrp/router-config.ts'
import { type MarkedOp, planMarked } from './marked-plan.ts'
import { addRule, decodeRule, listRules, type Rule, removeRule } from './netlink/rule-message.ts'
import type { NetlinkSocket } from './netlink/socket.ts'
import { ourOrigin, type Refusal } from './virtual-addresses.ts'

/** Rules that move with a virtual router. Put them after its routes, remove them before. */

export const ruleWish = (
  { from, to, mark, table, preference }: VirtualRule,
  family: Family,
): Rule => ({ family, from, to, mark, table, preference, origin: ourOrigin })

/** Of both families, everybody's: the kernel does not pick them out. */
export function readRules(netlink: NetlinkSocket): readonly Rule[] {
  return (['inet', 'inet6'] as const).flatMap(family =>
    netlink.dump(listRules(family)).flatMap(message => decodeRule(message) ?? []),
  )
}

export const planRules = (
  wanted: readonly Rule[],
  actual: readonly Rule[],
): readonly MarkedOp<Rule>[] => planMarked(wanted, actual, ourOrigin, isAsWished)

const isAsWished = (wish: Rule, rule: Rule): boolean =>
  wish.family === rule.family &&
  wish.table === rule.table &&
  wish.preference === rule.preference &&
  wish.mark === rule.mark &&
  textOf(wish.from) === textOf(rule.from) &&
  textOf(wish.to) === textOf(rule.to)

const textOf = (prefix: Prefix | null): string => (prefix === null ? '' : prefixText(prefix))

/** Returns what the kernel refused; that a rule was gone already is no refusal. */
export function applyRules(
  netlink: NetlinkSocket,
  ops: readonly MarkedOp<Rule>[],
): readonly Refusal<MarkedOp<Rule>>[] {
  const errors = netlink.perform(
    ops.map(({ kind, item }) => (kind === 'add' ? addRule(item) : removeRule(item))),
  )
  return ops.flatMap((op, index) => {
    const error = errors[index] ?? null
    if (error === null || (op.kind === 'remove' && error.code === 'ENOENT')) return []
    return [{ op, error }]
  })
}
