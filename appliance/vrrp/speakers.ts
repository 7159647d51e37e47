import { type Duration, type Instant, instant, seconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { RouterConfig } from './router-config.ts'

/** `signed`: with a key of ours. `taken`: nothing is wrong with it. */
export type SpokenHow = 'signed' | 'taken' | 'refused'

type Heard = {
  lastAt: Instant
  signedAt: Instant | null
  /** What it said last that heartbeats say otherwise. */
  disbelievedAt: Instant | null
  /** Of those that came without a pause. */
  readonly since: Instant
}

export type Stranger = { readonly since: Instant; readonly text: string }

/** Whoever forges its source must not fill the memory, nor the message. */
const mostKept = 16
const mostNamed = 4

/** So long after the last word of a stranger the alarm ends. */
const quiet: Duration = seconds(10)

/**
 * Who else speaks as one virtual router. A pair has one other box: whoever signs with its key, is a
 * unicast peer, or is the only one that is heard. It changes in place: a flood passes here.
 */
export class Speakers {
  readonly #heard = new Map<IpAddress, Heard>()

  hear(source: IpAddress, how: SpokenHow, now: Instant): void {
    const known = this.#heard.get(source)
    if (known === undefined || now - known.lastAt > quiet) {
      this.#forgetOne()
      const signedAt = how === 'signed' ? now : null
      this.#heard.set(source, { lastAt: now, signedAt, disbelievedAt: null, since: now })
      return
    }
    known.lastAt = now
    if (how === 'signed') known.signedAt = now
  }

  /** It was heard already, as what it says it is. */
  disbelieve(source: IpAddress, now: Instant): void {
    const known = this.#heard.get(source)
    if (known !== undefined) known.disbelievedAt = now
  }

  /** Null: nobody but the other box. */
  strangers(config: RouterConfig, now: Instant): Stranger | null {
    const lately = [...this.#heard].filter(([, { lastAt }]) => now - lastAt <= quiet)
    const liars = lately.filter(([, { disbelievedAt: at }]) => at !== null && now - at <= quiet)
    const odd = liars.length > 0 ? liars : oddOnes(config, lately, now)
    if (odd.length === 0) return null
    const since = instant(Math.min(...odd.map(([, heard]) => heard.since)))
    return { since, text: liars.length > 0 ? liarText(config, odd) : strangerText(config, odd) }
  }

  /** The one that was silent for longest. */
  #forgetOne(): void {
    if (this.#heard.size < mostKept) return
    const [oldest] = [...this.#heard].sort(([, a], [, b]) => a.lastAt - b.lastAt)
    if (oldest !== undefined) this.#heard.delete(oldest[0])
  }
}

type Named = readonly [IpAddress, Heard]

function oddOnes(
  { transport, authentication, handover }: RouterConfig,
  lately: readonly Named[],
  now: Instant,
): readonly Named[] {
  if (authentication.kind === 'hmac' && authentication.mode === 'enforce') {
    return lately.filter(([, { signedAt }]) => signedAt === null || now - signedAt > quiet)
  }
  if (transport.kind === 'unicast') {
    return lately.filter(([source]) => !transport.peers.includes(source))
  }
  // Three boxes or more say so by their handover.
  if (handover !== 'at-once') return []
  // One after the other is one box that has another address now.
  return lately.filter(one => lately.some(other => one !== other && overlap(one[1], other[1])))
}

const overlap = (one: Heard, other: Heard): boolean =>
  one.since <= other.lastAt && other.since <= one.lastAt

function whoText({ interface: on, vrid }: RouterConfig, odd: readonly Named[]): string {
  const named = odd.slice(0, mostNamed).map(([source]) => source)
  const more = odd.length > named.length ? ` and ${odd.length - named.length} more` : ''
  return `adverts of virtual router ${vrid} come on ${on} from ${named.join(', ')}${more}`
}

/** The address may be the one of the other box, and the speaker somebody else. */
const liarText = (config: RouterConfig, odd: readonly Named[]): string =>
  `${whoText(config, odd)}, against what the heartbeats of the pair say: they are not believed. ` +
  'Find who sends them, and sign your adverts (authentication.hmac); a third box that is meant ' +
  'needs "handover": "after-skew"'

function strangerText(config: RouterConfig, odd: readonly Named[]): string {
  const { authentication, transport } = config
  const who = whoText(config, odd)
  if (authentication.kind === 'hmac' && authentication.mode === 'enforce') {
    return `${who}, and are not signed with a key of ours: they are refused`
  }
  if (transport.kind === 'unicast') {
    return `${who}, and that is none of the peers: they are refused`
  }
  return (
    `${who}, and a pair has one other box: who is none can take the addresses. Take it off the ` +
    'network or give it another virtualRouterId, and sign your adverts (authentication.hmac)'
  )
}
