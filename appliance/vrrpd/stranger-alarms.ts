import type { Alarm } from '../status/document.ts'
import type { GuardReport } from '../status/guard-status.ts'
import type { Instant } from '../values/duration.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type { Speakers } from '../vrrp/speakers.ts'

type Heard = { readonly config: RouterConfig; readonly speakers: Speakers }

/** With an alarm for each router as which somebody speaks who is not the other box. */
export function withStrangers(
  report: GuardReport | null,
  routers: readonly Heard[],
  now: Instant,
  iso: (moment: Instant) => string,
): GuardReport | null {
  if (report === null) return null
  const strangers = routers.flatMap(({ config, speakers }): Alarm[] => {
    const stranger = speakers.strangers(config, now)
    if (stranger === null) return []
    const message = `${config.name}: ${stranger.text}`
    return [{ reason: 'unknown-speaker', message, since: iso(stranger.since) }]
  })
  return strangers.length === 0 ? report : { ...report, alarms: [...report.alarms, ...strangers] }
}
