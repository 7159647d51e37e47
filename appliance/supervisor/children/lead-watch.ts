import { kernelMilliseconds, now } from '../../linux/monotonic-clock.ts'
import { SharedPage } from '../../linux/shared-page.ts'
import { type Lead, leadBytes, leadsIn, MuteWatch } from '../../supervision/lead.ts'
import { type Instant, instant } from '../../values/duration.ts'

/** Finds out when vrrpd is mute as a master, from what it notes on the page that it shares. */
export class LeadWatch {
  readonly #onMute: (marks: ReadonlySet<number>) => boolean
  readonly #watch = new MuteWatch()
  #page: SharedPage | null = null
  #timer: NodeJS.Timeout | null = null

  /** `onMute`: false where it has failed, and is to be tried again. */
  constructor(onMute: (marks: ReadonlySet<number>) => boolean) {
    this.#onMute = onMute
  }

  /** For the vrrpd that starts now. Throws where there is no memory to share. */
  begin(): number {
    const page = this.#page ?? SharedPage.make()
    // What the last one noted must not be taken for the word of this one.
    this.#page = null
    page.write(leadBytes([]))
    this.#page = page
    return page.descriptor
  }

  /** Comes by itself, and whenever vrrpd says something: it may lead something new. */
  look(): void {
    try {
      const leads = this.#leads()
      const found = this.#watch.look(leads, kernelNow())
      // Twice the same: a note that was being written is none.
      const again = found.length === 0 ? [] : this.#leads()
      const mute = found.filter(lead => again.some(each => isSame(each, lead)))
      if (mute.length === 0) return
      if (!this.#onMute(new Set(mute.map(({ mark }) => mark)))) this.#watch.missAgain()
    } finally {
      this.#wake()
    }
  }

  /** vrrpd has ended: others see to what it leaves. */
  end(): void {
    this.#watch.forget()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #leads(): readonly Lead[] {
    return this.#page === null ? [] : leadsIn(this.#page.read())
  }

  #wake(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    const at = this.#watch.lookAt
    if (at === null) return
    this.#timer = setTimeout(() => this.look(), Math.max(1, Math.ceil(at - kernelNow())))
  }
}

const kernelNow = (): Instant => instant(kernelMilliseconds(now()))

const isSame = (one: Lead, other: Lead): boolean =>
  one.mark === other.mark && one.until === other.until
