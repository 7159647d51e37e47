import type { RouterStatus } from '../status/router-status.ts'
import { counter, type Family, gauge, type Labels, stateSamples } from './exposition.ts'

const states = ['INIT', 'BACKUP', 'MASTER', 'FAULT'] as const

/** Virtual routers. */
export function routerMetrics(routers: readonly RouterStatus[]): readonly Family[] {
  const of = (value: (router: RouterStatus) => number) =>
    routers.map(router => ({ labels: labelsOf(router), value: value(router) }))
  return [
    gauge(
      'diarch_router_state',
      '1 for the state that the virtual router is in.',
      routers.flatMap(router => stateSamples(states, router.state, labelsOf(router))),
    ),
    gauge(
      'diarch_router_priority',
      'What it runs for election with.',
      of(({ priority }) => priority.effective),
    ),
    gauge(
      'diarch_router_addresses_held',
      'Virtual addresses that the kernel of this box has.',
      of(({ addresses }) => addresses.filter(({ held }) => held).length),
    ),
    counter(
      'diarch_adverts_sent_total',
      'Adverts sent.',
      of(({ counters }) => counters.sent),
    ),
    counter(
      'diarch_adverts_received_total',
      'Adverts taken.',
      of(({ counters }) => counters.received),
    ),
    counter(
      'diarch_adverts_rejected_total',
      'Adverts refused, by the reason.',
      routers.flatMap(router =>
        Object.entries(router.counters.rejected).map(([reason, value]) => {
          return { labels: { ...labelsOf(router), reason }, value }
        }),
      ),
    ),
    counter(
      'diarch_became_master_total',
      'How often it became MASTER.',
      of(({ counters }) => counters.becameMaster),
    ),
    counter(
      'diarch_advert_send_failures_total',
      'Adverts that the kernel did not send.',
      of(({ counters }) => counters.sendFailures),
    ),
  ]
}

const labelsOf = ({ name, interface: port, vrid, family }: RouterStatus): Labels => {
  return { router: name, interface: port, vrid: String(vrid), family }
}
