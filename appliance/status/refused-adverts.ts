import type { Instant } from '../values/duration.ts'
import type { Alarm } from './document.ts'
import type { BoxEvent } from './events.ts'
import type { RouterStatus } from './router-status.ts'

/** A replay is none of these: it is an advert of the other box that came twice. */
const reasons = [
  'auth-type-unknown',
  'auth-type-mismatch',
  'wrong-password',
  'hmac-missing',
  'hmac-malformed',
  'hmac-stale',
  'hmac-unknown-key',
  'hmac-wrong',
] as const

const isOfThese = new Set<string>(reasons.map(reason => `rejected-${reason}`))

type Sample = { readonly at: Instant; readonly count: number }

/** Whether routers refuse what others of their id say, for the authentication, and still do. */
export class RefusedAdverts {
  readonly #samples = new Map<string, readonly Sample[]>()
  /** By router, what its last event said. */
  readonly #words = new Map<string, string>()
  alarms: readonly Alarm[] = []

  hear(events: readonly BoxEvent[]): void {
    for (const { about, event, text } of events) {
      if (isOfThese.has(event)) this.#words.set(about, text)
    }
  }

  /** `at`: the same moment as `now`, in the words of the wall clock. */
  look(routers: readonly RouterStatus[], now: Instant, at: string): void {
    const before = this.alarms
    this.alarms = routers.flatMap(router => {
      const { name, intervalSeconds } = router
      // Short enough to end soon, long enough for three adverts of a slow router.
      const window = Math.max(10, 4 * intervalSeconds)
      const lately = this.#lately(router, now, window)
      if (lately * 3 * intervalSeconds <= window) return []
      const words = this.#words.get(name) ?? 'adverts are refused'
      const start = `${name}: `
      const message =
        `${start}${words} (${lately} in the last ${window} s). If that is the other box, they do ` +
        'not hear each other: compare authentication and clock of the two'
      const reason = 'vrrp-authentication'
      const same = before.find(alarm => alarm.message.startsWith(start))
      return [{ reason, message, since: same?.since ?? at }]
    })
  }

  #lately({ name, counters }: RouterStatus, now: Instant, window: number): number {
    const count = reasons.reduce((sum, reason) => sum + (counters.rejected[reason] ?? 0), 0)
    const known = this.#samples.get(name) ?? []
    // Fewer than before: another vrrpd counts.
    const isAnother = known.some(sample => sample.count > count)
    const kept = isAnother ? [] : known.filter(sample => sample.at >= now - window * 1000)
    this.#samples.set(name, [...kept, { at: now, count }])
    return count - (kept[0]?.count ?? count)
  }
}
