import type { ApplyPlan, NameChanges } from './apply-plan.ts'
import type { Mastership, RouterChange } from './router-changes.ts'

/** Lines for people: what will happen, and what will not. */
export function applyPlanText(plan: ApplyPlan): readonly string[] {
  const { routers, addresses, services, servers, ipvs, checks, trackers, others } = plan
  const routersChange = routers.changed.length + routers.added.length + routers.removed.length
  return [
    `routers: ${routersChange === 0 ? 'none changes' : `${routers.untouched.length} untouched`}`,
    ...routers.changed.map(changeText),
    ...routers.added.map(name => `  ${name}: new, begins as backup`),
    ...routers.removed.map(name => `  ${name}: ends; if it is master it gives up at once`),
    ...(addresses.come.length + addresses.go.length === 0
      ? ['addresses: none comes, none goes']
      : [`addresses: ${addresses.come.length} come, ${addresses.go.length} go`]),
    ...addresses.come.map(each => `  + ${each}`),
    ...addresses.go.map(each => `  - ${each}`),
    `services: ${namesText(services)}`,
    `servers: ${namesText(servers)}`,
    `IPVS: ${counted(ipvs.operations, 'operation')}${kindsText(ipvs.of)}`,
    `checks: ${namesText(checks)}`,
    ...(isNothing(trackers) ? [] : [`trackers: ${namesText(trackers)}`]),
    ...(others.length === 0 ? [] : [`also changed: ${others.join(', ')}`]),
  ]
}

const mastershipText: Readonly<Record<Mastership, string>> = {
  stays: 'mastership stays where it is',
  'may-move': 'another box may become master',
  'needs-both': 'the boxes do not hear each other until both have it: both may be master meanwhile',
}

function changeText({ name, was, keys, mastership, preemptDelay }: RouterChange): string {
  const now = was === null ? name : `${name} (was ${was})`
  const others = keys.filter(key => key !== 'name')
  const what = others.length === 0 ? 'renamed' : others.join(', ')
  const late = preemptDelay === null ? '' : `, ${preemptDelay} later while the present one works`
  return `  ${now}: ${what}; ${mastershipText[mastership]}${late}`
}

const isNothing = ({ added, changed, removed }: NameChanges): boolean =>
  added.length + changed.length + removed.length === 0

const mostNames = 5

function namesText(changes: NameChanges): string {
  if (isNothing(changes)) return 'none changes'
  const parts = (['added', 'changed', 'removed'] as const).flatMap(kind => {
    const names = changes[kind]
    return names.length === 0 ? [] : [`${names.length} ${kind} (${listed(names)})`]
  })
  return parts.join(', ')
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNames
  return `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const kindsText = (of: ApplyPlan['ipvs']['of']): string => {
  const kinds = Object.entries(of).map(([kind, count]) => `${kind} ${count}`)
  return kinds.length === 0 ? '' : ` (${kinds.join(', ')})`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
