/** `global_defs`: what keepalived has once for all. */

import type { Path } from '../config/path.ts'
import type { Document } from '../config/schema.ts'
import type { Lacks } from './export-finding.ts'
import { mailLines } from './export-mail.ts'
import { block, flagLine, type Line, plainWord, secondsText } from './export-text.ts'

export const globalBlock = (document: Document, lacks: Lacks): readonly Line[] =>
  block('global_defs', [
    ...scriptLines(document),
    ...routerLines(document, lacks),
    ...notifyLines(document),
    ...mailLines(document, lacks),
    ...directorLines(document, lacks),
  ])

/** Without a user keepalived takes an account that is often not there, and drops the script. */
function scriptLines({ cluster }: Document): readonly string[] {
  const users = [
    ...Object.values(cluster.trackers).flatMap(each => (each.kind === 'script' ? [each.user] : [])),
    ...Object.values(cluster.checks).flatMap(each => (each.kind === 'script' ? [each.user] : [])),
    ...cluster.notify.hooks.map(({ user }) => user),
    ...Object.values(cluster.services).flatMap(service =>
      [service, ...Object.values(service.servers)].flatMap(each =>
        'notifyUp' in each
          ? [each.notifyUp, each.notifyDown].flatMap(hook => hook?.user ?? (hook ? [null] : []))
          : [],
      ),
    ),
  ]
  if (users.length === 0) return []
  const anyones = users.includes(null) || cluster.notify.fifo !== null
  return [...flagLine('script_user root', anyones), 'enable_script_security']
}

/** keepalived has these once; routers of ours each for themselves. */
function routerLines({ cluster }: Document, lacks: Lacks): readonly string[] {
  const routers = Object.entries(cluster.routers)
  const common = (
    of: (router: (typeof routers)[number][1]) => number,
    keywords: readonly string[],
    below: Path,
  ): readonly string[] => {
    const times = new Set(routers.map(([, router]) => of(router)))
    const longest = Math.max(0, ...times)
    if (longest === 0) return []
    const others = routers.filter(([, router]) => of(router) !== longest)
    const text = `keepalived has one for all routers, and it is ${secondsText(longest)} s here`
    return [
      ...keywords.map(keyword => `${keyword} ${secondsText(longest)}`),
      ...others.map(([name]) => lacks.say(['cluster', 'routers', name, ...below], text)),
    ]
  }
  const spacing = ['vrrp_garp_interval', 'vrrp_gna_interval']
  return [
    ...common(({ startDelay }) => startDelay, ['vrrp_startup_delay'], ['startDelay']),
    ...common(({ announce }) => announce.spacing, spacing, ['announce', 'spacing']),
  ]
}

const notifyLines = ({ cluster: { notify } }: Document): readonly string[] => [
  ...(notify.fifo === null ? [] : [`vrrp_notify_fifo ${plainWord(notify.fifo) ?? notify.fifo}`]),
  ...flagLine('vrrp_notify_priority_changes true', notify.priorityChanges),
]

function directorLines({ cluster, node }: Document, lacks: Lacks): readonly string[] {
  const { sync, timeouts } = cluster.director
  const path: Path = ['cluster', 'director', 'sync']
  const times = [
    ...(timeouts.tcp === null ? [] : [`tcp ${timeouts.tcp / 1000}`]),
    ...(timeouts.tcpFin === null ? [] : [`tcpfin ${timeouts.tcpFin / 1000}`]),
    ...(timeouts.udp === null ? [] : [`udp ${timeouts.udp / 1000}`]),
  ]
  const timeoutLines = times.length === 0 ? [] : [`lvs_timeouts ${times.join(' ')}`]
  const way = node.director.sync?.interface ?? sync?.interface
  if (sync === null || way === undefined) return timeoutLines
  const words = [
    way,
    ...(sync.router === null ? [] : [`inst ${sync.router}`]),
    `id ${sync.id}`,
    ...(sync.mostBytes === undefined ? [] : [`maxlen ${sync.mostBytes}`]),
    ...(sync.port === undefined ? [] : [`port ${sync.port}`]),
    ...(sync.ttl === 1 ? [] : [`ttl ${sync.ttl}`]),
    ...(sync.group === undefined ? [] : [`group ${sync.group}`]),
  ]
  const delay = `"preempt_delay ${secondsText(sync.settle)}"`
  const settle = `keepalived has none: write ${delay} into the instances`
  return [
    ...timeoutLines,
    `lvs_sync_daemon ${words.join(' ')}`,
    ...lacks.sayIf(sync.channels !== 1, [...path, 'channels'], 'keepalived has one: leave it'),
    ...lacks.sayIf(sync.settle !== 10_000, [...path, 'settle'], settle),
  ]
}
