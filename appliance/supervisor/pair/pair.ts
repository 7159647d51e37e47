/**
 * The other box: who it is, how the two become a pair, and how far they are with each other. The
 * process `pair` has the connection; what is said over it about the configuration is in
 * pair-sharing.ts.
 */

import { pathToPeer } from '../../linux/path-to-peer.ts'
import { joinerNode } from '../../pairing/joiner-node.ts'
import { isKeyFrame } from '../../pairing/key-frames.ts'
import { withHeartbeats } from '../../pairing/pair-heartbeats.ts'
import type { FromPair, PairedBox } from '../../pairing/pair-messages.ts'
import { isPeerFrame } from '../../pairing/peer-frames.ts'
import type { Stage } from '../../pairing/replication-state.ts'
import { virtualAddressesOf } from '../../pairing/virtual-addresses.ts'
import type { PairStatus } from '../../status/pair-status.ts'
import type { NodeHalf, SharedChange } from '../configuration/peer.ts'
import { Absence } from './absence.ts'
import { ClockFollower } from './clock-follower.ts'
import { type GivenCode, PairCode, type ShownCode } from './code.ts'
import { makeHeartbeats } from './heartbeats.ts'
import { PeerImage } from './image.ts'
import { Joiner } from './joiner.ts'
import type { JoinRefusal, JoinWish } from './joining.ts'
import { PairKeys } from './keys.ts'
import { PeerTalk } from './peer-talk.ts'
import { PairProcess } from './process.ts'
import { type KnownBox, knownBox, nobody } from './record.ts'
import { PairSharing } from './sharing.ts'
import type { PairSite } from './site.ts'
import { PairTrust } from './trust.ts'
import { pairAlarms, pairState, shownPeer, unknownWords } from './words.ts'

export class Pair {
  readonly #site: PairSite
  readonly #code: PairCode
  readonly sharing: PairSharing
  readonly talk: PeerTalk
  readonly process: PairProcess
  readonly image: PeerImage
  readonly #time: ClockFollower
  readonly #trust: PairTrust
  readonly #joiner: Joiner
  readonly keys: PairKeys
  /** The one at the other end, and the last one that was there. */
  #linked: PairedBox | null = null
  #partner: string | null = null
  #heardAt: string | null = null
  #cutWhy: string | null = null
  /** Those two have just become a pair, and have to hear each other beside VRRP yet. */
  #isNew = false
  #welcoming: string | null = null
  #state: Pick<PairStatus, 'state' | 'since'>
  #isLate = false
  readonly #absence = new Absence(() => this.#onLate())

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
      onChange: () => this.#onStage(this.sharing.stage),
    })
    this.talk = new PeerTalk({
      send: frame => void site.send({ kind: 'pair-send', frame }),
      isLinked: () => this.#linked !== null,
      knownOf: site.knownOf,
      isSynchronised: site.isSynchronised,
      onReport: site.onChange,
    })
    this.#time = new ClockFollower({ ...site, ask: () => this.talk.timeAhead() })
    this.sharing = new PairSharing({
      configuration: site.configuration,
      send: frame => void site.send({ kind: 'pair-send', frame }),
      record: agreed => {
        const known = this.#known
        if (known !== null) this.#trust.put({ ...known, agreed })
      },
      peerName: () => this.#known?.name ?? 'peer',
      nodeFor: (cluster, node) => this.#nodeFor(cluster, node),
      onStage: stage => this.#onStage(stage),
      onUnshared: () => {
        if (this.#trust.record.peer === null) return
        this.#trust.keep({ ...this.#trust.record, waiting: this.#trust.record.waiting + 1 })
      },
    })
    this.#joiner = new Joiner({
      ...site,
      process: this.process,
      trust: this.#trust,
      ownHash: () => this.sharing.ownHash,
      onPins: () => this.#sendPins(),
    })
    const whom = (): KnownBox | null => this.#trust.record.peer ?? this.#joiner.other
    this.keys = new PairKeys({
      ...site,
      trust: this.#trust,
      isReady: () => this.whyNoNewKey === null && this.sharing.isIdle,
      onPins: () => this.#sendPins(),
    })
    this.image = new PeerImage({ ...site, ...site.image, process: this.process, whom })
    this.#absence.begin()
  }

  /** Whether there is anything for the process to do. */
  get isWanted(): boolean {
    const { peer, guest } = this.#trust.record
    const isAwake = this.#code.shown !== null || this.process.isNeeded
    return !this.#site.usesFile && (isAwake || (peer ?? guest) !== null || this.isJoining)
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
    return this.#joiner.isJoining
  }

  get isLinked(): boolean {
    return this.#linked !== null
  }

  /** What a new key of this box has to wait for; null: at most for a change on its way. */
  get whyNoNewKey(): string | null {
    const { state, why } = this.status
    if (state !== 'in-sync') return why
    const mayJoin = this.#code.shown !== null || this.#trust.record.guest !== null
    return mayJoin ? 'another box may join' : null
  }

  get status(): PairStatus {
    const { peer, guest, waiting } = this.#trust.record
    const isComing = peer === null ? guest !== null : peer.agreed.count === 0
    const isLinked = this.#linked !== null && this.#linked.fingerprint === peer?.fingerprint
    const found = pairState({
      peer,
      waiting,
      isLinked,
      isJoining: this.isJoining || isComing,
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
      key: this.keys.status,
      codeExpiresAt: this.code?.expiresAt ?? null,
      handover: this.#site.handover(),
    }
  }

  onReady(): void {
    void this.image.listen()
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
        else if (isKeyFrame(message.frame)) this.keys.heard(message.frame, this.#linked.fingerprint)
        else if (isPeerFrame(message.frame)) this.talk.heard(message.frame)
        else this.sharing.heard(message.frame)
        break
      case 'pair-unknown':
        this.#site.note('pair-unknown-word', unknownWords(this.#known, message.name))
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
        this.#joiner.onOutcome(message.id, message.outcome)
        break
      case 'pair-keys':
        this.keys.onKeys(message.keys, message.trouble)
        break
      case 'pair-image-lost':
        this.image.onLost(message.id, message.why)
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
  join(wish: JoinWish): Promise<JoinRefusal | null> {
    return this.#joiner.join(wish)
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
    this.keys.linked(box.fingerprint)
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
    this.keys.look()
    this.#absence.begin()
  }

  #onLate(): void {
    this.#isLate = this.#linked === null
    this.#onStage(this.sharing.stage)
  }

  #onStage(stage: Stage): void {
    if (stage.kind === 'in-sync') this.#inSync()
    if (stage.kind === 'refused') this.#joiner.onEnd(stage.whys)
    if (this.#linked !== null) this.#isLate = false
    this.#site.alarm(pairAlarms(this.status, stage.kind, this.#isLate))
    this.keys.look()
    this.#site.onChange()
  }

  #inSync(): void {
    const { guest, waiting } = this.#trust.record
    if (guest !== null && guest.fingerprint === this.#linked?.fingerprint) {
      if (this.#welcoming !== guest.fingerprint) void this.#welcome(guest)
    } else if (waiting > 0) this.#trust.keep({ ...this.#trust.record, waiting: 0 })
    this.#joiner.onEnd(null)
  }

  /** It has what this box has: before it is the peer, the two get their way beside VRRP. */
  async #welcome({ fingerprint, address }: KnownBox): Promise<void> {
    this.#welcoming = fingerprint
    const before = this.#trust.record.peer
    const why = await makeHeartbeats(this.#site.configuration(), address, before?.address ?? null)
    if (why !== null) this.#site.note('pair-heartbeats', `the pair has none beside VRRP: ${why}`)
    this.#welcoming = null
    const { guest, peer } = this.#trust.record
    if (guest?.fingerprint !== fingerprint) return
    const old = peer === null || peer.fingerprint === fingerprint ? '' : ` instead of ${peer.name}`
    this.#site.note('pair-joined', `${guest.name} at ${guest.address} is the peer${old}`)
    this.#trust.keep({ peer: guest, guest: null, waiting: 0 })
    this.#sendPins()
  }

  /** What of this box goes with what the peer has: at first, what the join has to find out. */
  #nodeFor(cluster: SharedChange['cluster'], node: unknown): NodeHalf {
    const known = this.#known
    const isFirst = known?.agreed.count === 0
    if (isFirst) this.#isNew = true
    const fitting: NodeHalf = isFirst
      ? joinerNode(cluster, node, this.#site.ports(), this.#joiner.interfaces)
      : { kind: 'node', node }
    if (fitting.kind === 'refused' || known === null || !this.#isNew) return fitting
    const after = withHeartbeats(cluster, fitting.node, pathToPeer(known.address))
    if (after !== fitting.node) this.#isNew = false
    return { kind: 'node', node: after }
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
