import type { Status } from '../status/document.ts'
import { type Family, gauge, one } from './exposition.ts'
import type { Ago } from './status-metrics.ts'

/** Whether the other box could be switched off, and when that was last tried. */
export function fencingMetrics({ fencing }: Status, ago: Ago): readonly Family[] {
  const devices = fencing?.devices ?? []
  const isArmed = fencing?.policy !== 'off' && devices.some(({ state }) => state === 'ok')
  return [
    gauge(
      'diarch_fencing_armed',
      '1: the policy wants the other box switched off, and a device for that passed its last test.',
      fencing === null ? [] : one(isArmed ? 1 : 0),
    ),
    gauge(
      'diarch_fencing_waits',
      '1: nobody has confirmed that the silent box is off, so its place is not taken.',
      fencing === null ? [] : one(fencing.held === null ? 0 : 1),
    ),
    gauge(
      'diarch_fencing_device_ok',
      '1: the device passed its last test. 0: it failed, or had none yet.',
      devices.map(({ name, kind, state }) => {
        return { labels: { device: name, kind }, value: state === 'ok' ? 1 : 0 }
      }),
    ),
    gauge(
      'diarch_fencing_test_age_seconds',
      'Since the last test of the device, whatever came of it; none before the first.',
      devices.flatMap(({ name, testedAt }) =>
        testedAt === null ? [] : one(ago(testedAt), { device: name }),
      ),
    ),
  ]
}
