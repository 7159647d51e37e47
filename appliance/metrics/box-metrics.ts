import type { Status } from '../status/document.ts'
import { counter, type Family, gauge, one, stateSamples } from './exposition.ts'

const processStates = [
  'waiting',
  'starting',
  'running',
  'stopping',
  'backing-off',
  'stopped',
] as const

const watchdogKinds = ['hardware', 'software', 'none'] as const
const clockStates = ['synchronised', 'waiting', 'lost', 'free'] as const

/** The box itself: what stands in the status document, without its routers. */
export function boxMetrics(status: Status): readonly Family[] {
  const { alarms, processes, ports, storage, memory, time } = status
  const watchdogKind: (typeof watchdogKinds)[number] = status.watchdog?.kind ?? 'none'
  return [
    gauge('diarch_info', 'What runs on this box.', [
      {
        labels: { version: status.version, commit: status.commit, host: status.hostname },
        value: 1,
      },
    ]),
    gauge(
      'diarch_health',
      '1 for the state that the box is in.',
      stateSamples(['starting', 'ok', 'degraded'], status.health.state, {}),
    ),
    gauge('diarch_uptime_seconds', 'Since the box has started.', one(status.uptimeSeconds)),
    gauge(
      'diarch_alarms',
      'Alarms that stand, by their reason.',
      [...Map.groupBy(alarms, ({ reason }) => reason)].map(([reason, all]) => {
        return { labels: { reason }, value: all.length }
      }),
    ),
    gauge('diarch_alarms_all', 'Alarms that stand.', one(alarms.length)),
    gauge('diarch_maintenance', '1: the box takes no part.', one(status.maintenance ? 1 : 0)),
    gauge(
      'diarch_watchdog',
      '1: a watchdog resets the box when it hangs.',
      one(status.watchdog === null ? 0 : 1),
    ),
    gauge(
      'diarch_watchdog_kind',
      '1 for the kind that it is; software does not reset a hung kernel.',
      watchdogKinds.map(kind => {
        return { labels: { kind }, value: kind === watchdogKind ? 1 : 0 }
      }),
    ),
    gauge(
      'diarch_clock_state',
      '1 for the state that the clock is in.',
      time === null ? [] : stateSamples(clockStates, time.state, {}),
    ),
    gauge(
      'diarch_clock_offset_seconds',
      'How far the clock was off when a time server answered last.',
      time === null || time.offsetMs === null ? [] : one(time.offsetMs / 1000),
    ),
    gauge(
      'diarch_process_state',
      '1 for the state that each process is in.',
      processes.flatMap(({ name, state }) => stateSamples(processStates, state, { process: name })),
    ),
    counter(
      'diarch_process_restarts_total',
      'How often each process was started again.',
      processes.map(({ name, restarts }) => ({ labels: { process: name }, value: restarts })),
    ),
    gauge(
      'diarch_process_memory_bytes',
      'Resident memory of each process.',
      processes.flatMap(({ name, memoryMiB }) =>
        memoryMiB === null ? [] : one(memoryMiB * 1024 * 1024, { process: name }),
      ),
    ),
    gauge(
      'diarch_port_up',
      '1: the port has a link.',
      ports.map(({ name, link }) => ({ labels: { port: name }, value: link === 'up' ? 1 : 0 })),
    ),
    gauge('diarch_storage_free_bytes', 'Of the state partition.', one(storage.freeMiB * 2 ** 20)),
    gauge('diarch_storage_bytes', 'Of the state partition.', one(storage.totalMiB * 2 ** 20)),
    ...(memory === null
      ? []
      : [
          gauge(
            'diarch_memory_used_bytes',
            'By programs and kernel.',
            one(memory.usedMiB * 2 ** 20),
          ),
          gauge('diarch_memory_bytes', 'Of the box.', one(memory.totalMiB * 2 ** 20)),
        ]),
    gauge(
      'diarch_alert_channel_failing',
      '1: alerts do not get out over the channel.',
      status.alerts.map(({ name, state }) => {
        return { labels: { channel: name }, value: state === 'failing' ? 1 : 0 }
      }),
    ),
  ]
}
