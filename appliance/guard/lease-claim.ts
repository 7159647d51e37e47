import { after, between, type Duration, type Instant, milliseconds } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { LeaseMessage, LeaseQuestion } from './lease-message.ts'

/** A place at a witness: which one, and for how long at a time. */
export type LeaseConfig = {
  readonly name: string
  readonly address: IpAddress
  readonly port: number
  readonly secret: Uint8Array
  readonly time: Duration
}

type Asked = { readonly sequence: number; readonly kind: LeaseQuestion; readonly at: Instant }

/** As the witness said it last. */
export type LeasePicture =
  | { readonly state: 'unknown' | 'silent' | 'free' | 'starting' | 'held' }
  | { readonly state: 'taken'; readonly by: string }

const mostAsked = 16

/** Giving up takes time, and what is not given up in time is in the hands of two. */
const reserve = (time: Duration): number => Math.max(20, time / 10)

/**
 * The box's side of a lease at one witness. What was granted counts from the moment at which it
 * was asked for, on the clock of this box: it ends here before it ends at the witness, however long
 * the answer was under way. It changes in place.
 */
export class LeaseClaim {
  config: LeaseConfig
  readonly #boot: number
  readonly #name: string
  #sequence = 0
  #witness = 0
  #clock = 0
  #asked: readonly Asked[] = []
  /** The newest question that was answered. */
  #answered = 0
  #answeredAt: Instant
  #wanted = false
  #askAt: Instant
  #until: Instant | null = null
  /** The witness may think so. */
  #mayHave = false
  #said: LeasePicture = { state: 'unknown' }

  /** `boot`: that of the heartbeats. */
  constructor(config: LeaseConfig, boot: number, name: string, now: Instant) {
    this.config = config
    this.#boot = boot
    this.#name = name
    this.#askAt = now
    this.#answeredAt = now
  }

  isHeld(now: Instant): boolean {
    return this.#until !== null && now < this.#until
  }

  /** When there is something to ask, or a lease has run out. */
  wakeAt(): Instant {
    return this.#until === null || this.#until > this.#askAt ? this.#askAt : this.#until
  }

  /** What is to be asked now, if anything is. */
  ask(wanted: boolean, now: Instant): LeaseMessage | null {
    if (this.#until !== null && now >= this.#until) this.#until = null
    // Who has given up says so at once, and who needs it does not wait.
    const isNews = wanted !== this.#wanted
    this.#wanted = wanted
    if (!isNews && now < this.#askAt) return null
    const kind: LeaseQuestion = wanted ? 'hold' : this.#mayHave ? 'release' : 'look'
    if (wanted) this.#mayHave = true
    else {
      // What was granted before the release is worth nothing after it.
      this.#until = null
      this.#asked = []
    }
    this.#sequence += 1
    this.#askAt = after(now, milliseconds(this.config.time / 5))
    this.#asked = [...this.#asked, { sequence: this.#sequence, kind, at: now }].slice(-mostAsked)
    return {
      kind,
      boot: this.#boot,
      sequence: this.#sequence,
      witness: this.#witness,
      clock: this.#clock,
      time: this.config.time,
      name: this.#name,
    }
  }

  /** The signature is right. Answers that were overtaken by a newer one say nothing any more. */
  hear({ kind, boot, sequence, witness, clock, time, name }: LeaseMessage, now: Instant): void {
    const asked = this.#asked.find(each => each.sequence === sequence)
    if (boot !== this.#boot || asked === undefined || sequence <= this.#answered) return
    this.#answered = sequence
    this.#answeredAt = now
    this.#asked = this.#asked.filter(each => each.sequence > sequence)
    const isNewToUs = witness !== this.#witness
    this.#witness = witness
    this.#clock = clock
    switch (kind) {
      case 'stale':
        // Of another start of it, or of long ago: the next question is a new one.
        if (isNewToUs) this.#askAt = now
        return
      case 'yours':
        this.#said = { state: 'held' }
        if (asked.kind !== 'hold' || !this.#wanted) return
        this.#until = after(asked.at, milliseconds(time - reserve(time)))
        return
      case 'taken':
        this.#said = { state: 'taken', by: name === '' ? 'the other box' : name }
        // It has run out there, whatever our clock says: this box has stood still.
        if (asked.kind === 'hold') this.#until = null
        this.#mayHave = this.#wanted
        return
      case 'free':
      case 'starting':
        this.#said = { state: kind }
        this.#mayHave = this.#wanted
        return
      default:
    }
  }

  picture(now: Instant): LeasePicture {
    if (this.isHeld(now)) return { state: 'held' }
    if (between(this.#answeredAt, now) <= this.patience()) {
      // What it said holds no more: ours has run out since.
      return this.#said.state === 'held' ? { state: 'free' } : this.#said
    }
    return { state: this.#answered === 0 ? 'unknown' : 'silent' }
  }

  /** Two questions in a row and their answers may be lost. */
  patience(): Duration {
    return this.config.time
  }

  /** Since when the witness has not answered. */
  answeredAt(): Instant {
    return this.#answeredAt
  }
}
