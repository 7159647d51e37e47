import type { Status } from '../status/document.ts'
import { type Family, gauge, one, stateSamples } from './exposition.ts'

const pairStates = ['single', 'joining', 'alone', 'in-sync', 'behind', 'conflict'] as const
const syncRoles = ['master', 'backup', 'none'] as const

/** Whether the other box is there and has the same. */
export function pairMetrics({ pair, configuration, director }: Status): readonly Family[] {
  const { peer } = pair
  return [
    gauge(
      'diarch_pair_state',
      '1 for the state that the pair is in.',
      stateSamples(pairStates, pair.state, {}),
    ),
    gauge(
      'diarch_peer_connected',
      '1: the other box of the pair is connected, and has told of itself.',
      peer === null ? [] : one(peer.report === null ? 0 : 1),
    ),
    gauge(
      'diarch_peer_alarms',
      'Alarms that stand on the other box, as it says.',
      peer?.report ? one(peer.report.alarms) : [],
    ),
    gauge(
      'diarch_configuration_revision',
      'Which one is in force on this box. The numbers of the two boxes differ.',
      configuration?.revision == null ? [] : one(configuration.revision),
    ),
    gauge(
      'diarch_configuration_trial',
      '1: the configuration goes back by itself unless somebody confirms it.',
      one(configuration?.trial ? 1 : 0),
    ),
    gauge(
      'diarch_connection_sync',
      '1 for what the box does in carrying connections over to the other one.',
      director.sync === null ? [] : stateSamples(syncRoles, director.sync.role, {}),
    ),
  ]
}
