import type { AlarmText } from '../boot/alarm-text.ts'
import { type Duration, minutes } from '../values/duration.ts'
import { withoutBrackets } from '../values/host-name.ts'

/** Null in the document without the image: the clock of somebody's computer is his own. */
export type TimeStatus = {
  /** Where people read a time of this box, it is of this zone. */
  readonly zone: string
  /**
   * `synchronised`: by NTP. `waiting`: no time server has answered yet. `lost`: none answers any
   * more. `free`: there is none to ask, and the clock goes by itself.
   */
  readonly state: TimeState
  readonly since: string
  readonly why: string
  readonly servers: readonly string[]
  readonly serversFrom: 'configuration' | 'DHCP' | null
  /** The time server that is believed most; null: none answers. */
  readonly source: string | null
  /** How far this clock was off when it last answered. */
  readonly offsetMs: number | null
}

export type TimeState = 'synchronised' | 'waiting' | 'lost' | 'free'

export type TimeVerdict = Pick<TimeStatus, 'state' | 'why' | 'source' | 'offsetMs'>

/** What the NTP client says of itself; null: it does not answer. */
export type NtpReport = {
  readonly hasBeenSet: boolean
  readonly sources: readonly NtpSource[]
}

export type NtpSource = {
  readonly name: string
  /** Both in seconds. */
  readonly offset: number
  readonly uncertainty: number
  /** Questions in a row. */
  readonly unanswered: number
}

/** As with a check of a server: once may be a lost packet. */
const deafFrom = 3

/** Whoever has no reference has stratum 16 (RFC 5905 7.3). */
const noStratum = 16

/** Of the words of `ntp-daemon`; null: they are not such. */
export function ntpReport(said: unknown): NtpReport | null {
  const { system, sources } = fields(said)
  const { stratum, leap_indicator: leap } = fields(system)
  if (typeof stratum !== 'number' || !Array.isArray(sources)) return null
  return {
    hasBeenSet: stratum > 0 && stratum < noStratum && leap !== 'Unknown',
    sources: sources
      .map(fields)
      .flatMap(({ name, offset, uncertainty, unanswered_polls: deaf }) =>
        typeof name === 'string' && isNumber(offset) && isNumber(uncertainty) && isNumber(deaf)
          ? [{ name: withoutPort(name), offset, uncertainty, unanswered: deaf }]
          : [],
      ),
  }
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value)

const withoutPort = (name: string): string =>
  withoutBrackets(name.replace(/:123$/, '')).slice(0, 255)

export function timeVerdict(
  servers: readonly string[],
  report: NtpReport | null,
  before: TimeState,
): TimeVerdict {
  const none = { source: null, offsetMs: null }
  if (servers.length === 0) {
    return { ...none, state: 'free', why: 'no time server is configured, and DHCP names none' }
  }
  const named = servers.join(', ')
  if (report === null) {
    const state = before === 'synchronised' || before === 'lost' ? 'lost' : 'waiting'
    return { ...none, state, why: 'the NTP client does not answer: see "diarch log time"' }
  }
  const heard = report.sources.filter(({ unanswered }) => unanswered < deafFrom)
  const [best] = heard.toSorted((one, other) => one.uncertainty - other.uncertainty)
  if (report.hasBeenSet && best !== undefined) {
    const others = heard.length === 1 ? '' : ` (${heard.length} of ${servers.length} answer)`
    const why = `set by ${best.name}${others}`
    const offsetMs = Math.round(best.offset * 1_000_000) / 1000
    return { state: 'synchronised', why, source: best.name, offsetMs }
  }
  if (report.hasBeenSet) {
    return { ...none, state: 'lost', why: `no answer any more from ${named}` }
  }
  return { ...none, state: 'waiting', why: notSet(heard, named) }
}

function notSet([first, ...others]: readonly NtpSource[], named: string): string {
  if (first === undefined) return `no answer so far from ${named}`
  const disagree = 'the time servers that answer do not agree'
  return others.length > 0 ? disagree : `${first.name} answers, and is not sure enough so far`
}

/** The network may come later than the box. */
const patience = minutes(5)

/** `unsetFor`: null while the clock is well. `built`: not null when the clock is before that. */
export function timeAlarms(
  { state, why }: TimeVerdict,
  unsetFor: Duration | null,
  built: string | null,
): readonly AlarmText[] {
  const alarm = (message: string) => [{ reason: 'time-not-set', message }]
  if (built !== null) {
    return alarm(
      `The clock is before ${built}, when this software was built: name time servers in ` +
        'node.time.servers.',
    )
  }
  if (unsetFor === null || unsetFor < patience) return []
  const what = state === 'lost' ? 'is no longer kept' : 'was not set'
  const advice = 'Name others in node.time.servers, or let UDP port 123 out to these.'
  return alarm(`The clock ${what}: ${why}. ${advice}`)
}
