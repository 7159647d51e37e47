/**
 * The other box: who it is, how the two become a pair, and how far they are with each other. The
 * process `pair` has the connection; what is said over it about the configuration is in
 * pair-sharing.ts.
 */

import type { AlarmText } from '../../boot/alarm-text.ts'
import type { About } from '../../pairing/frames.ts'
import { type JoinerPorts, joinerNode } from '../../pairing/joiner-node.ts'
import type { FromPair, JoinOutcome, PairedBox, ToPair } from '../../pairing/pair-messages.ts'
import { isPeerFrame } from '../../pairing/peer-frames.ts'
import type { Stage } from '../../pairing/replication-state.ts'
import { virtualAddressesOf } from '../../pairing/virtual-addresses.ts'
import type { HandoverReceipt, PairStatus } from '../../status/pair-status.ts'
import { seconds } from '../../values/duration.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { ClockFollower } from './clock-follower.ts'
import { type GivenCode, PairCode, type ShownCode } from './code.ts'
import { type JoinRefusal, type JoinWish, joinRefusal, taken } from './joining.ts'
import { PeerTalk, type PeerTalkSite } from './peer-talk.ts'
import { PairProcess } from './process.ts'
import { type KnownBox, knownBox, nobody, type PairRecord } from './record.ts'
import { PairSharing } from './sharing.ts'
import { PairTrust } from './trust.ts'
import { pairAlarms, pairState, shownPeer } from './words.ts'

export type PairSite = {
  readonly stateDir: string
  readonly appliance: boolean
  readonly usesFile: boolean
  /** False: the process does not run yet. */
  readonly send: (message: ToPair) => boolean
  readonly configuration: () => Configuration
  readonly about: () => Omit<About, 'port'>
  readonly ports: () => readonly string[]
  readonly note: (event: string, text: string) => void
  readonly alarm: (alarms: readonly AlarmText[]) => void
  readonly onChange: () => void
  readonly knownOf: PeerTalkSite['knownOf']
  /** The last one that was asked for. */
  readonly handover: () => HandoverReceipt | null
}

const awayAfter = seconds(5)
/** On slow machines too: the process has to start, and then all that take the configuration. */
const [longestAnswer, longestTaking] = [seconds(40), seconds(40)]

type Joining = {
  readonly before: PairRecord
  readonly interfaces: JoinerPorts
  readonly onOutcome: (outcome: JoinOutcome) => void
  readonly onEnd: (whys: readonly string[] | null) => void
}

export class Pair {
  readonly #site: PairSite
  readonly #code: PairCode
  readonly sharing: PairSharing
  readonly talk: PeerTalk
  readonly process: PairProcess
  readonly #time: ClockFollower
  readonly #trust: PairTrust
  /** The one at the other end, and the last one that was there. */
  #linked: PairedBox | null = null
  #partner: string | null = null
  #heardAt: string | null = null
  #cutWhy: string | null = null
  #joining: Joining | null = null
  #joins = 0
  #state: Pick<PairStatus, 'state' | 'since'>
  #isLate = false
  #late: NodeJS.Timeout | null = null

  constructor(site: PairSite) {
    this.#site = site
    this.#trust = new PairTrust({ ...site, onGuestGone: () => this.#sendPins() })
    this.#state = { state: 'single', since: new Date().toISOString() }
    this.process = new PairProcess({ ...site, isThere: () => this.#code.tell() })
    this.#code = new PairCode({
      tell: (code, tries) => {
        const virtual = code === null ? [] : virtualAddressesOf(site.configuration().half)
        return site.send({ kind: 'pair-code', code, tries, virtual })
      },
      note: site.note,
      onChange: site.onChange,
    })
    this.talk = new PeerTalk({
      send: frame => void site.send({ kind: 'pair-send', frame }),
      isLinked: () => this.#linked !== null,
      knownOf: site.knownOf,
      onReport: site.onChange,
    })
    const { appliance, note } = site
    this.#time = new ClockFollower({ appliance, note, ahead: () => this.talk.timeAhead() })
    this.sharing = new PairSharing({
      configuration: site.configuration,
      send: frame => void site.send({ kind: 'pair-send', frame }),
      record: agreed => {
        const known = this.#known
        if (known !== null) this.#trust.put({ ...known, agreed })
      },
      peerName: () => this.#known?.name ?? 'peer',
      nodeFor: (cluster, node) =>
        this.#known?.agreed.count === 0
          ? joinerNode(cluster, node, site.ports(), this.#joining?.interfaces)
          : { kind: 'node', node },
      onStage: stage => this.#onStage(stage),
      onUnshared: () => {
        if (this.#trust.record.peer === null) return
        this.#trust.keep({ ...this.#trust.record, waiting: this.#trust.record.waiting + 1 })
      },
    })
    this.#awaitLink()
  }

  /** Whether there is anything for the process to do. */
  get isWanted(): boolean {
    const { peer, guest } = this.#trust.record
    const isAwake = this.#code.shown !== null || this.process.isNeeded
    return !this.#site.usesFile && (isAwake || (peer ?? guest ?? this.#joining) !== null)
  }

  get code(): ShownCode | null {
    return this.#code.shown
  }

  get isPaired(): boolean {
    return this.#trust.record.peer !== null
  }

  /** Or was once. */
  get hadGuest(): boolean {
    return this.#trust.isWritten
  }

  get isJoining(): boolean {
    return this.#joining !== null
  }

  get isLinked(): boolean {
    return this.#linked !== null
  }

  get status(): PairStatus {
    const { peer, guest, waiting } = this.#trust.record
    const isComing = peer === null ? guest !== null : peer.agreed.count === 0
    const isLinked = this.#linked !== null && this.#linked.fingerprint === peer?.fingerprint
    const found = pairState({
      peer,
      waiting,
      isLinked,
      isJoining: this.#joining !== null || isComing,
      stage: this.sharing.stage,
      cutWhy: this.#cutWhy,
    })
    if (found.state !== this.#state.state) {
      this.#state = { state: found.state, since: new Date().toISOString() }
    }
    const shown = peer && shownPeer(peer, this.#heardAt, isLinked ? this.talk.report : null)
    return {
      ...found,
      since: this.#state.since,
      peer: shown,
      codeExpiresAt: this.code?.expiresAt ?? null,
      handover: this.#site.handover(),
    }
  }

  onReady(): void {
    this.#sendPins()
    this.#code.tell()
    this.process.onReady()
  }

  onExit(): void {
    this.#cut('the process "pair" ended')
  }

  onMessage(message: FromPair): void {
    switch (message.kind) {
      case 'pair-linked':
        this.#link(message.box, message.yields)
        break
      case 'pair-cut':
        this.#cut(message.why)
        break
      case 'pair-frame':
        if (message.frame.frame === 'leave') this.#left(message.frame.why)
        else if (this.#linked === null) break
        else if (isPeerFrame(message.frame)) this.talk.heard(message.frame)
        else this.sharing.heard(message.frame)
        break
      case 'pair-guest':
        this.#guest(message.box)
        break
      case 'pair-tried':
        this.#code.tried(message.from, message.triesLeft)
        break
      case 'pair-discovered':
        this.process.onDiscovered(message)
        break
      case 'pair-joined':
        if (message.id === this.#joins) this.#joining?.onOutcome(message.outcome)
        break
    }
  }

  /** What is in force here may have become another. */
  onConfiguration(): void {
    if (this.#trust.record.peer !== null || this.#trust.record.guest !== null)
      this.sharing.onConfiguration()
  }

  /** Null: the process does not start, and nobody can join. */
  async showCode(given: GivenCode | null = null): Promise<ShownCode | null> {
    const shown = this.#code.show(given)
    if (await this.process.runs()) return shown
    this.#code.end()
    return null
  }

  endCode(): void {
    this.#code.end()
  }

  /** Null: they are a pair, and this box has the configuration or is about to. */
  async join(wish: JoinWish): Promise<JoinRefusal | null> {
    const before = this.#trust.record
    const { interfaces, ...asked } = wish
    const outcome = new Promise<JoinOutcome>(resolve => {
      this.#joining = { before, interfaces, onOutcome: resolve, onEnd: () => undefined }
    })
    this.#joins += 1
    const late = setTimeout(() => {
      const detail = 'the process "pair" does not answer'
      this.#joining?.onOutcome({ kind: 'refused', reason: 'no-answer', detail })
    }, longestAnswer)
    try {
      this.#site.onChange()
      const message = { kind: 'pair-join', id: this.#joins, ...asked } as const
      if (!(await this.process.runs()) || !this.#site.send(message)) {
        return joinRefusal(wish.address, 'no-answer', 'the process "pair" does not start')
      }
      const answer = await outcome
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
    return new Promise(resolve => {
      const late = setTimeout(() => resolve(null), longestTaking)
      const onEnd = (whys: readonly string[] | null): void => {
        clearTimeout(late)
        if (whys !== null) {
          this.#site.send({
            kind: 'pair-send',
            frame: { frame: 'leave', why: whys.join('; ').slice(0, 900) },
          })
          this.#trust.keep(before)
          this.#sendPins()
        }
        resolve(whys)
      }
      if (this.#joining !== null) this.#joining = { ...this.#joining, onEnd }
      const agreed = { hash: this.sharing.ownHash, count: 0 }
      this.#site.note('pair-joined', `${box.about.name} at ${box.address} has let this box in`)
      this.#trust.keep({ peer: knownBox(box, agreed), guest: null, waiting: 0 })
      this.#sendPins()
    })
  }

  leave(): void {
    const { peer } = this.#trust.record
    this.#site.send({ kind: 'pair-send', frame: { frame: 'leave', why: '' } })
    this.#site.note('pair-left', `${peer?.name ?? 'nobody'} is not the peer any more`)
    this.#trust.keep(nobody)
    this.#sendPins()
  }

  #left(why: string): void {
    const { peer, guest } = this.#trust.record
    const from = this.#linked?.fingerprint
    if (from === guest?.fingerprint && guest !== null) {
      this.#site.note('pair-refused', `${guest.name} does not join: ${why}`)
      this.#trust.keep({ ...this.#trust.record, guest: null })
    } else if (from === peer?.fingerprint && peer !== null) {
      const more = why === '' ? '' : `: ${why}`
      this.#site.note('pair-left', `${peer.name} has left the pair${more}`)
      this.#trust.keep({ ...this.#trust.record, peer: null, waiting: 0 })
    }
    this.#sendPins()
  }

  #guest(box: PairedBox): void {
    if (this.#code.shown === null) return
    const { name } = box.about
    this.#site.note('pair-guest', `${name} at ${box.address} knows the code`)
    const agreed = { hash: this.sharing.ownHash, count: 1 }
    this.#trust.keep({ ...this.#trust.record, guest: knownBox(box, agreed) })
    this.#code.used()
    this.#sendPins()
  }

  #link(box: PairedBox, yields: boolean): void {
    if (this.#linked !== null) this.sharing.cut()
    this.#linked = box
    this.talk.linked()
    const timed = this.#time.linked()
    this.#partner = box.fingerprint
    this.#cutWhy = null
    this.#heardAt = new Date().toISOString()
    const known = this.#known
    if (known === null) return
    const { name, version, port, schemaVersion } = box.about
    this.#trust.put({ ...known, name, version, port, address: box.address })
    const own = this.#site.about()
    if (schemaVersion !== own.schemaVersion) {
      this.#cutWhy = `${name} has software ${version} and this box ${own.version}: changes wait`
      this.#onStage(this.sharing.stage)
      return
    }
    // Adverts are signed with the time: who gets a configuration with keys has to bear ours.
    void timed.then(() => {
      if (this.#linked === box) this.sharing.linked(known.agreed, yields)
    })
  }

  #cut(why: string): void {
    this.#cutWhy = why
    if (this.#linked === null) {
      this.#site.onChange()
      return
    }
    this.#linked = null
    this.#heardAt = new Date().toISOString()
    this.talk.cut()
    this.#time.cut()
    this.sharing.cut()
    this.#awaitLink()
  }

  #awaitLink(): void {
    if (this.#late !== null) clearTimeout(this.#late)
    this.#late = setTimeout(() => this.#onLate(), awayAfter)
    this.#late.unref()
  }

  #onLate(): void {
    this.#late = null
    this.#isLate = this.#linked === null
    this.#onStage(this.sharing.stage)
  }

  #onStage(stage: Stage): void {
    if (stage.kind === 'in-sync') this.#inSync()
    if (stage.kind === 'refused') this.#joining?.onEnd(stage.whys)
    if (this.#linked !== null) this.#isLate = false
    this.#site.alarm(pairAlarms(this.status, this.#isLate))
    this.#site.onChange()
  }

  #inSync(): void {
    const { guest, waiting } = this.#trust.record
    if (guest !== null && guest.fingerprint === this.#linked?.fingerprint) {
      const { peer } = this.#trust.record
      const old =
        peer === null || peer.fingerprint === guest.fingerprint ? '' : ` instead of ${peer.name}`
      this.#site.note('pair-joined', `${guest.name} at ${guest.address} is the peer${old}`)
      this.#trust.keep({ peer: guest, guest: null, waiting: 0 })
      this.#sendPins()
    } else if (waiting > 0) this.#trust.keep({ ...this.#trust.record, waiting: 0 })
    this.#joining?.onEnd(null)
  }

  /** What is known of the box at the other end, or of the one that was there last. */
  get #known(): KnownBox | null {
    return this.#trust.of(this.#partner)
  }

  #sendPins(): void {
    const { pins } = this.#trust
    this.#site.send({ kind: 'pair-pins', about: this.#site.about(), pins })
    if (pins.length === 0) {
      this.#linked = null
      this.#cutWhy = null
      this.talk.cut()
      this.#time.cut()
      this.sharing.cut()
    }
    this.#onStage(this.sharing.stage)
  }
}
