import type { LeaseStatus } from '../status/guard-status.ts'
import { between, type Duration, type Instant, milliseconds, seconds } from '../values/duration.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import type { GuardConfig } from './guard-config.ts'
import { LeaseClaim, type LeaseConfig } from './lease-claim.ts'
import { decodeLease, encodeLease, type LeaseFault } from './lease-message.ts'

export type LeaseSite = {
  readonly hmac: HmacSha256
  readonly boot: number
  /** Of the box, for people at the witness and at the other box. */
  readonly name: string
}

type Place = {
  readonly claim: LeaseClaim
  readonly since: Instant
  readonly refused: Partial<Record<LeaseFault, number>>
}

/** Who has not answered for so long is an alarm: it will be missed when it is needed. */
const alarmedAfter = seconds(5)

/**
 * The leases of this box, one at each witness. One box of a pair can have a witness's lease at a
 * time, so of several witnesses only one box can have more than half. It changes in place.
 */
export class Leases {
  readonly #site: LeaseSite
  readonly #places = new Map<string, Place>()

  constructor(site: LeaseSite) {
    this.#site = site
  }

  /** Witnesses that stay go on with what they know. */
  configure({ leases, policy }: GuardConfig, now: Instant): void {
    const wanted = policy === 'one-owner-first' ? leases : []
    for (const [name, { claim }] of this.#places) {
      const same = wanted.find(each => each.name === name && isSame(each, claim.config))
      if (same === undefined) this.#places.delete(name)
    }
    for (const config of wanted) {
      if (this.#places.has(config.name)) continue
      const { boot, name } = this.#site
      const claim = new LeaseClaim(config, boot, name, now)
      this.#places.set(config.name, { claim, since: now, refused: {} })
    }
  }

  get configs(): readonly LeaseConfig[] {
    return [...this.#places.values()].map(({ claim }) => claim.config)
  }

  /** What is to be said to which witness now. */
  ask(wanted: boolean, now: Instant): readonly (readonly [name: string, bytes: Uint8Array])[] {
    return [...this.#places].flatMap(([name, { claim }]) => {
      const question = claim.ask(wanted, now)
      if (question === null) return []
      return [[name, encodeLease(question, claim.config.secret, this.#site.hmac)] as const]
    })
  }

  hear(name: string, bytes: Uint8Array, now: Instant): void {
    const place = this.#places.get(name)
    if (place === undefined) return
    const { claim, refused } = place
    const decoded = decodeLease(bytes, claim.config.secret, this.#site.hmac)
    if (decoded.kind === 'message') claim.hear(decoded.message, now)
    else refused[decoded.reason] = (refused[decoded.reason] ?? 0) + 1
  }

  wakeAt(): Instant | null {
    const all = [...this.#places.values()].map(({ claim }) => claim.wakeAt())
    return all.length === 0 ? null : (Math.min(...all) as Instant)
  }

  /** Why this box may not lead in silence; null: it may. The same words as long as it is so. */
  missing(now: Instant): string | null {
    const all = [...this.#places]
    const held = all.filter(([, { claim }]) => claim.isHeld(now))
    if (held.length * 2 > all.length || all.length === 0) return null
    return all.flatMap(place => (held.includes(place) ? [] : [words(place, now)])).join(', ')
  }

  status(now: Instant): readonly LeaseStatus[] {
    return [...this.#places].map(place => {
      const [name, { claim, refused }] = place
      const { address, port } = claim.config
      const { state } = claim.picture(now)
      const [reason] = Object.keys(refused)
      const strange = state === 'unknown' || state === 'silent' ? reason : undefined
      const why = strange === undefined ? words(place, now) : `its answers are refused: ${strange}`
      return { name, state, why, address, port }
    })
  }

  isSilent(name: string, now: Instant): boolean {
    const state = this.#places.get(name)?.claim.picture(now).state
    return state === 'silent' || state === 'unknown'
  }

  /** Another one than before: people want to see it. */
  picture(now: Instant): string {
    return [...this.#places].map(place => words(place, now)).join()
  }

  /** Witnesses that will be missed: since when, and in words. */
  silent(now: Instant): readonly (readonly [name: string, since: Instant])[] {
    return [...this.#places].flatMap(([name, { claim }]) => {
      const since = claim.answeredAt()
      return between(since, now) < patience(claim) ? [] : [[name, since] as const]
    })
  }
}

const patience = (claim: LeaseClaim): Duration =>
  milliseconds(Math.max(alarmedAfter, 3 * claim.config.time))

function words([name, { claim }]: readonly [string, Place], now: Instant): string {
  const picture = claim.picture(now)
  switch (picture.state) {
    case 'held':
      return `this box has the lease of ${name}`
    case 'taken':
      return `${picture.by} has the lease of ${name}`
    case 'free':
      return `nobody has the lease of ${name}`
    case 'starting':
      return `${name} has just started and gives no lease yet`
    case 'unknown':
    case 'silent':
      return `no answer comes from ${name}`
  }
}

const isSame = (a: LeaseConfig, b: LeaseConfig): boolean => JSON.stringify(a) === JSON.stringify(b)
