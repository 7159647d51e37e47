import { createHash, randomUUID } from 'node:crypto'
import { type Content, type ShareFrame, sayable } from '../../pairing/frames.ts'
import { newReplication, stepReplication } from '../../pairing/replication.ts'
import type {
  Replication,
  ReplicationEffect,
  ReplicationInput,
  Stage,
} from '../../pairing/replication-state.ts'
import type { Half } from '../../pairing/reunion.ts'
import { canonicalAmong } from '../../values/canonical.ts'
import { milliseconds } from '../../values/duration.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { NodeHalf, Share, SharedChange } from '../configuration/peer.ts'

/** Both boxes' processes take it, on slow machines too, and one of them may have to wait first. */
const longestAnswerMs = 70_000

export type SharingSite = {
  readonly configuration: () => Configuration
  readonly send: (frame: ShareFrame) => void
  readonly record: (agreed: Half['agreed']) => void
  readonly peerName: () => string
  readonly nodeFor: (cluster: SharedChange['cluster'], node: unknown) => NodeHalf
  readonly onStage: (stage: Stage) => void
  /** What is here was changed, and the peer does not know. */
  readonly onUnshared: () => void
}

type Taken = { isWanted: boolean; settle: (isWritten: boolean) => void }

/** Performs what the replication decides, between the configuration of here and the peer. */
export class PairSharing {
  readonly #site: SharingSite
  #machine: Replication | null = null
  readonly #answers = new Map<string, (whys: readonly string[]) => void>()
  readonly #taken = new Map<string, Taken>()
  /** What the other box has, where the two are in conflict. */
  theirCopy: Content | null = null
  #copySent = ''

  constructor(site: SharingSite) {
    this.#site = site
  }

  /** Nothing is on its way to the other box, or from it. */
  get isIdle(): boolean {
    return this.#machine?.work.kind === 'none'
  }

  get stage(): Stage {
    return this.#machine?.stage ?? { kind: 'away' }
  }

  /** The cluster's half of this box, as it stays. */
  get ours(): SharedChange['cluster'] {
    return this.#site.configuration().half
  }

  get ownHash(): string {
    return hashOf(this.#site.configuration().half)
  }

  linked(agreed: Half['agreed'], yields: boolean): void {
    this.#copySent = ''
    this.#step({ input: 'own', hash: this.ownHash })
    this.#step({ input: 'linked', agreed, yields })
  }

  cut(): void {
    this.theirCopy = null
    this.#step({ input: 'cut' })
  }

  heard(frame: ShareFrame): void {
    if (frame.frame === 'copy') {
      this.theirCopy = frame.content
      this.#site.onStage(this.stage)
    } else if (frame.frame === 'end-trial') {
      const { configuration, peerName } = this.#site
      const author = `somebody at ${peerName()}`
      void configuration().endTrialOf(cluster => hashOf(cluster) === frame.hash, author)
    } else this.#step({ input: 'heard', frame })
  }

  resolve(keep: 'ours' | 'theirs'): void {
    this.#step({ input: 'resolve', keep, id: randomUUID() })
  }

  /** Something else is in force here than before. */
  onConfiguration(): void {
    const before = this.#machine?.own.hash
    const hash = this.ownHash
    this.#step({ input: 'own', hash })
    const { own, stage, work } = this.#machine ?? newReplication(hash)
    if (own.hash !== before && stage.kind !== 'in-sync' && work.kind === 'none') {
      this.#site.onUnshared()
    }
  }

  trialEnded(cluster: SharedChange['cluster']): void {
    this.#site.send({ frame: 'end-trial', hash: hashOf(cluster) })
  }

  readonly share: Share = async (change, write) => {
    const hash = hashOf(change.cluster)
    const written = (): ReturnType<Share> => {
      const why = write()
      return Promise.resolve(why === null ? null : { kind: 'not-written', why })
    }
    if (hash === this.ownHash) return written()
    const id = randomUUID()
    const whys = await this.#answerTo(id, hash, contentOf(change))
    if (whys.length > 0) {
      const from = `the peer ${this.#site.peerName()}`
      return { kind: 'not-taken', whys: whys.map(why => `${from}: ${why}`) }
    }
    const refusal = await written()
    this.#step({ input: refusal === null ? 'written' : 'dropped', id })
    return refusal
  }

  async #answerTo(id: string, hash: string, content: Content): Promise<readonly string[]> {
    const answered = new Promise<readonly string[]>(resolve => this.#answers.set(id, resolve))
    const late = setTimeout(() => this.#step({ input: 'late', id }), longestAnswerMs)
    this.#step({ input: 'change', id, hash, content })
    const whys = await answered
    clearTimeout(late)
    this.#answers.delete(id)
    return whys
  }

  #step(input: ReplicationInput): void {
    const before = this.#machine ?? newReplication(this.ownHash)
    const { state, effects } = stepReplication(before, input)
    this.#machine = state
    for (const effect of effects) this.#perform(effect)
    if (state.stage.kind === 'conflict') this.#sendCopy()
    else if (state.stage.kind === 'in-sync') this.theirCopy = null
    const isDone = state.work.kind === 'none' && before.work.kind !== 'none'
    if (isDone || state.stage !== before.stage) this.#site.onStage(state.stage)
  }

  #perform(effect: ReplicationEffect): void {
    switch (effect.effect) {
      case 'send':
        this.#site.send(effect.frame)
        break
      case 'give': {
        const { hash, agreed } = this.#machine?.own ?? newReplication(this.ownHash).own
        const { over, chosen } = effect
        const id = randomUUID()
        this.#site.send({ frame: 'give', id, hash, agreed, over, chosen, content: this.#ours() })
        break
      }
      case 'answer':
        this.#answers.get(effect.id)?.(effect.whys)
        break
      case 'take':
        void this.#take(effect.id, effect.content, effect.isGiven)
        break
      case 'commit':
        this.#taken.get(effect.id)?.settle(true)
        break
      case 'abandon': {
        const taken = this.#taken.get(effect.id)
        if (taken !== undefined) taken.isWanted = false
        taken?.settle(false)
        break
      }
      case 'record':
        this.#site.record(effect.agreed)
        break
    }
  }

  async #take(id: string, content: Content, isGiven: boolean): Promise<void> {
    const { configuration, nodeFor, peerName } = this.#site
    const work = this.#machine?.work
    const expected = work?.kind === 'receiving' ? work.given.hash : hashIn(work)
    if (hashOf(content.cluster) !== expected) {
      this.#step({ input: 'not-taken', id, whys: ['it does not match its checksum'] })
      return
    }
    let decide: (isWritten: boolean) => void = () => undefined
    const decided = new Promise<boolean>(resolve => {
      decide = resolve
    })
    const taken: Taken = { isWanted: true, settle: decide }
    this.#taken.set(id, taken)
    let isSettled = false
    const settled = async (): Promise<boolean> => {
      if (!isGiven) this.#step({ input: 'took', id })
      isSettled = isGiven ? taken.isWanted : await decided
      return isSettled
    }
    const whys = await configuration()
      .fromPeer(changeOf(content, peerName()), {
        isWanted: () => taken.isWanted,
        settled,
        nodeFor,
      })
      .catch(error => [error instanceof Error ? error.message : String(error)])
    this.#taken.delete(id)
    if (whys.length === 0) {
      if (isSettled) this.#step({ input: 'written', id })
    } else if (isSettled && !isGiven) this.#step({ input: 'dropped', id })
    else this.#step({ input: 'not-taken', id, whys: sayable(whys) })
  }

  /** What is in force here and stays, as others may have it. */
  #ours(): Content {
    const { author = 'nobody', reason = '' } = this.#site.configuration().current().revision ?? {}
    return contentOf({
      cluster: this.#site.configuration().half,
      author,
      reason,
      confirmWithin: null,
    })
  }

  #sendCopy(): void {
    const hash = this.#machine?.own.hash ?? ''
    if (hash === this.#copySent) return
    this.#copySent = hash
    this.#site.send({ frame: 'copy', hash, content: this.#ours() })
  }
}

const hashIn = (work: Replication['work'] | undefined): string | null =>
  work !== undefined && 'hash' in work ? work.hash : null

const hashes = new WeakMap<object, string>()
const texts = new WeakMap<object, string>()

/** Of one that does not change: a large one is digested once. */
export function hashOf(cluster: object): string {
  const known = hashes.get(cluster)
  if (known !== undefined) return known
  const hash = createHash('sha256').update(canonicalAmong(texts, cluster)).digest('hex')
  hashes.set(cluster, hash)
  return hash
}

const contentOf = ({ cluster, author, reason, confirmWithin }: SharedChange): Content => ({
  cluster: { ...cluster },
  author: author.slice(0, 200),
  reason: reason.slice(0, 1000),
  trial: confirmWithin,
})

const changeOf = (content: Content, peer: string): SharedChange => ({
  cluster: content.cluster,
  author: content.author.includes(' at ') ? content.author : `${content.author} at ${peer}`,
  reason: content.reason,
  confirmWithin: content.trial === null ? null : milliseconds(content.trial),
})
