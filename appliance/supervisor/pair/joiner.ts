import type { JoinerPorts } from '../../pairing/joiner-node.ts'
import type { JoinOutcome, PairedBox, ToPair } from '../../pairing/pair-messages.ts'
import { seconds } from '../../values/duration.ts'
import { type JoinRefusal, type JoinWish, joinRefusal, taken } from './joining.ts'
import type { PairProcess } from './process.ts'
import { type KnownBox, knownBox, type PairRecord } from './record.ts'
import type { PairTrust } from './trust.ts'

export type JoinerSite = {
  readonly process: PairProcess
  readonly trust: PairTrust
  /** False: the process does not run yet. */
  readonly send: (message: ToPair) => boolean
  readonly note: (event: string, text: string) => void
  readonly ownHash: () => string
  readonly onChange: () => void
  /** Others may connect than before. */
  readonly onPins: () => void
}

/** On slow machines too: the process has to start, and then all that take the configuration. */
const [longestAnswer, longestTaking] = [seconds(40), seconds(75)]

type Joining = {
  readonly interfaces: JoinerPorts
  readonly onOutcome: (outcome: JoinOutcome) => void
  readonly onEnd: (whys: readonly string[] | null) => void
}

/** This box asks another one to be its peer. */
export class Joiner {
  readonly #site: JoinerSite
  #joining: Joining | null = null
  /** It knows the code and so do we, but its software is another: this box may take that. */
  other: KnownBox | null = null
  #joins = 0

  constructor(site: JoinerSite) {
    this.#site = site
  }

  get isJoining(): boolean {
    return this.#joining !== null
  }

  get interfaces(): JoinerPorts | undefined {
    return this.#joining?.interfaces
  }

  onOutcome(id: number, outcome: JoinOutcome): void {
    if (id === this.#joins) this.#joining?.onOutcome(outcome)
  }

  /** Null: this box has what the other one has. */
  onEnd(whys: readonly string[] | null): void {
    this.#joining?.onEnd(whys)
  }

  /** Null: they are a pair, and this box has the configuration or is about to. */
  async join(wish: JoinWish): Promise<JoinRefusal | null> {
    const before = this.#site.trust.record
    const { interfaces, ...asked } = wish
    const outcome = new Promise<JoinOutcome>(resolve => {
      this.#joining = { interfaces, onOutcome: resolve, onEnd: () => undefined }
    })
    this.#joins += 1
    const late = setTimeout(() => {
      const detail = 'the process "pair" does not answer'
      this.#joining?.onOutcome({ kind: 'refused', reason: 'no-answer', detail })
    }, longestAnswer)
    try {
      this.#site.onChange()
      const message = { kind: 'pair-join', id: this.#joins, ...asked } as const
      if (!(await this.#site.process.runs()) || !this.#site.send(message)) {
        return joinRefusal(wish.address, 'no-answer', 'the process "pair" does not start')
      }
      const answer = await outcome
      this.other = otherBox(answer, wish)
      if (answer.kind === 'refused') return joinRefusal(wish.address, answer.reason, answer.detail)
      const whys = await this.#takeAll(answer.box, before)
      return whys === null ? null : { reason: 'not-taken', ...taken(answer.box.about.name, whys) }
    } finally {
      clearTimeout(late)
      this.#joining = null
      this.#site.onChange()
    }
  }

  /** Null: it is the same on both, or on its way. */
  #takeAll(box: PairedBox, before: PairRecord): Promise<readonly string[] | null> {
    const { send, trust, note, ownHash, onPins } = this.#site
    return new Promise(resolve => {
      const late = setTimeout(() => resolve(null), longestTaking)
      const onEnd = (whys: readonly string[] | null): void => {
        clearTimeout(late)
        if (whys !== null) {
          const why = whys.join('; ').slice(0, 900)
          send({ kind: 'pair-send', frame: { frame: 'leave', why } })
          trust.keep(before)
          onPins()
        }
        resolve(whys)
      }
      if (this.#joining !== null) this.#joining = { ...this.#joining, onEnd }
      note('pair-joined', `${box.about.name} at ${box.address} has let this box in`)
      trust.keep({ peer: knownBox(box, { hash: ownHash(), count: 0 }), guest: null, waiting: 0 })
      onPins()
    })
  }
}

/** The port is the one at which it was asked. */
function otherBox(answer: JoinOutcome, { port }: JoinWish): KnownBox | null {
  if (answer.kind === 'welcome' || answer.box === undefined) return null
  return { ...knownBox(answer.box, { hash: '', count: 0 }), port }
}
