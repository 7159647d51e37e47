/** `vrrp_instance` and `vrrp_sync_group`, for the box whose half the document has. */

import type { Document, Router } from '../config/schema.ts'
import type { WholeRouter } from '../config/whole-router.ts'
import { prefixText } from '../values/prefix.ts'
import type { VirtualAddress } from '../vrrp/router-config.ts'
import { authenticationLines } from './export-authentication.ts'
import type { Lacks } from './export-finding.ts'
import { notifyLines } from './export-notify.ts'
import { block, flagLine, type Line, secondsText, unless } from './export-text.ts'
import { trackLines } from './export-trackers.ts'

export type Secrecy = { readonly secrets: boolean }

export const routerBlock = (
  whole: WholeRouter,
  document: Document,
  secrecy: Secrecy,
  lacks: Lacks,
): Line => ({
  head: `vrrp_instance ${whole.name}`,
  body: [
    ...electionLines(whole, lacks),
    ...transportLines(whole),
    ...authenticationLines(whole, secrecy, lacks),
    ...announceLines(whole.router),
    ...addressBlocks(whole),
    ...block('virtual_routes', whole.router.virtualRoutes.map(routeText)),
    ...block('virtual_rules', whole.router.virtualRules.map(ruleText)),
    ...trackLines(whole.router, whole.path, document, lacks),
    ...notifyLines(document, { router: whole.name }, lacks),
    ...lackingLines(whole, lacks),
  ],
})

/** Below 255 the state is only a wish, and nopreempt does not go with MASTER. */
function electionLines(whole: WholeRouter, lacks: Lacks): readonly string[] {
  const { router, priority, interval, family } = whole
  const { preempt, preemptDelay } = router
  const owner = priority === 255 && preempt && preemptDelay === 0
  return [
    `state ${owner ? 'MASTER' : 'BACKUP'}`,
    ...(whole.interface === null ? [] : [`interface ${whole.interface}`]),
    ...flagLine('use_vmac', router.virtualMac),
    `virtual_router_id ${router.virtualRouterId}`,
    ...(whole.pathOf('priority')[0] === 'node'
      ? [`priority ${priority}`]
      : unless('priority', priority, 100)),
    `version ${router.version}`,
    ...flagLine('native_ipv6', router.family === 'inet6'),
    ...flagLine('no_accept', !router.accept),
    `advert_int ${secondsText(interval)}`,
    ...unless('down_timer_adverts', router.downAfter, 3),
    ...flagLine('nopreempt', !preempt),
    ...(preempt && preemptDelay > 0 ? [`preempt_delay ${secondsText(preemptDelay)}`] : []),
    ...lacks.sayIf(
      !preempt && preemptDelay > 0,
      [...whole.path, 'preemptDelay'],
      'keepalived has no delay beside nopreempt, where none is needed: leave it out',
    ),
    ...(family === 'inet' && router.checksum === 'without-pseudo-header'
      ? [
          'v3_checksum_as_v2',
          lacks.say(
            [...whole.path, 'checksum'],
            'keepalived 2.2.7 does not know this word: take a newer one',
          ),
        ]
      : []),
  ]
}

function transportLines(whole: WholeRouter): readonly Line[] {
  const { router, source, peers } = whole
  const { unicast, multicastGroup } = router
  const keyword = peers === null ? 'mcast_src_ip' : 'unicast_src_ip'
  const from = source === null ? [] : [`${keyword} ${source}`]
  if (peers === null) {
    return [...from, ...(multicastGroup === undefined ? [] : [`mcast_dst_ip ${multicastGroup}`])]
  }
  const { ttl = 255, leastTtl = 255 } = unicast ?? {}
  const least = leastTtl === 1 ? '' : ` min_ttl ${leastTtl}`
  return [
    ...from,
    ...block(
      'unicast_peer',
      peers.map(peer => `${peer}${least}`),
    ),
    ...unless('unicast_ttl', ttl, 255),
  ]
}

/** keepalived's own: 5 at once, 5 more after 5 s, and none later. */
const announceLines = ({ announce }: Router): readonly string[] => [
  ...unless('garp_master_repeat', announce.repeat, 5),
  ...unless('garp_master_delay', Math.round(announce.delay / 1000), 5),
  ...(announce.refresh === null
    ? []
    : [`garp_master_refresh ${Math.max(1, Math.round(announce.refresh / 1000))}`]),
]

function addressBlocks({ addresses, router }: WholeRouter): readonly Line[] {
  if (addresses.length === 0) return ['no_virtual_ipaddress']
  const text = (address: VirtualAddress, index: number): string => {
    const { prefix, interface: way, label } = address
    const written = router.virtualAddresses[index]
    const scope = written !== undefined && 'scope' in written ? written.scope : undefined
    return [
      prefixText(prefix),
      ...(way === null ? [] : [`dev ${way}`]),
      ...(scope === undefined ? [] : [`scope ${scope}`]),
      ...(label === null ? [] : [`label ${label}`]),
    ].join(' ')
  }
  const lines = addresses.map((address, index) => ({ ...address, text: text(address, index) }))
  const of = (advertised: boolean) =>
    lines.filter(each => each.advertised === advertised).map(each => each.text)
  return [
    ...block('virtual_ipaddress', of(true)),
    ...block('virtual_ipaddress_excluded', of(false)),
  ]
}

function routeText(route: Router['virtualRoutes'][number]): string {
  const { destination, gateway, source, table, metric } = route
  return [
    destination === 'default' ? 'default' : prefixText(destination),
    ...(gateway === undefined ? [] : [`via ${gateway}`]),
    ...(route.interface === undefined ? [] : [`dev ${route.interface}`]),
    ...(source === undefined ? [] : [`src ${source}`]),
    ...(table === 254 ? [] : [`table ${table}`]),
    ...(metric === undefined ? [] : [`metric ${metric}`]),
  ].join(' ')
}

const ruleText = ({ from, to, mark, table, preference }: Router['virtualRules'][number]): string =>
  [
    ...(from === undefined ? [] : [`from ${prefixText(from)}`]),
    ...(to === undefined ? [] : [`to ${prefixText(to)}`]),
    ...(mark === undefined ? [] : [`fwmark ${mark}`]),
    `table ${table}`,
    `preference ${preference}`,
  ].join(' ')

function lackingLines({ path, router, addresses }: WholeRouter, lacks: Lacks): readonly string[] {
  const { announce, handover, secondPaths } = router
  const times = [announce.delay, announce.refresh ?? 0]
  return [
    ...lacks.sayIf(
      handover === 'at-once',
      [...path, 'handover'],
      'keepalived takes over after its skew time when a master gives up: at most one advert ' +
        'interval later, with version 2 one second. Nothing to do',
    ),
    ...lacks.sayIf(
      secondPaths.length > 0,
      [...path, 'secondPaths'],
      'keepalived says it on one interface only: a bond may take its place',
    ),
    ...lacks.sayIf(
      times.some(time => time % 1000 !== 0),
      [...path, 'announce'],
      'keepalived counts whole seconds: they are rounded',
    ),
    ...lacks.sayIf(
      addresses.length === 0,
      [...path, 'virtualAddresses'],
      'keepalived 2.2.7 wants an address in each instance: take a newer one',
    ),
  ]
}

export const syncGroupBlocks = (document: Document, lacks: Lacks): readonly Line[] =>
  Object.entries(document.cluster.syncGroups).map(([name, { routers }]) => {
    const tracks = routers.flatMap(each => document.cluster.routers[each]?.track ?? [])
    return {
      head: `vrrp_sync_group ${name}`,
      body: [
        ...block('group', routers),
        // Without it keepalived ignores the weights of members.
        ...flagLine(
          'sync_group_tracking_weight',
          tracks.some(({ weight }) => weight !== null),
        ),
        ...notifyLines(document, { syncGroup: name }, lacks),
      ],
    }
  })
