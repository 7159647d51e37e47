import type { KeyObject } from 'node:crypto'
import type { OfferedUpgrade } from '../../api/upgrade-operations.ts'
import { decodeLabel, labelSize, type SlotLabel } from '../../boot/slot-label.ts'
import { otherSlot } from '../../boot/slots.ts'
import { type Signature, type UpgradeWishes, upgradeRefusal } from '../../boot/upgrade-refusal.ts'
import { signatureOf } from '../../linux/release-key.ts'
import type { SlotPartition } from '../../linux/slot-partition.ts'
import { readBack, readLabel, SlotWriter } from '../../linux/slot-writer.ts'
import type { RunningSlot, SlotName, UpgradeStatus } from '../../status/document.ts'
import { problem, type Refusal } from '../control/problem.ts'
import type { ByteSource } from './byte-source.ts'

export type UpgradeSite = {
  /** Null: the software runs without the image. */
  readonly running: () => RunningSlot | null
  readonly partition: (slot: SlotName) => Promise<SlotPartition>
  /** The boot environment: nothing starts the slot, the next start tries it. */
  readonly empty: (slot: SlotName) => Promise<void>
  readonly install: (slot: SlotName) => Promise<void>
  readonly waiting: () => SlotName | null
  readonly key: () => KeyObject | null
  /** Of the configuration, as this software writes it. */
  readonly schema: number
  readonly note: (event: string, text: string) => void
  readonly onChange: () => void
}

export type Offer = {
  readonly content: ByteSource
  /** Null: the client does not say it. */
  readonly length: number | null
  readonly wishes: UpgradeWishes
  readonly isAtBox: boolean
  /** Who sends it, or wants it from the peer. */
  readonly by: string
  /** The paired box whose software it is; null: a file. */
  readonly peer: string | null
}

type Looked = {
  readonly label: SlotLabel
  readonly partition: SlotPartition
  readonly signature: Signature
}

const progressEveryMs = 500

/**
 * New software on its way into the slot that does not run. Until it is whole and has been read
 * back, the boot environment calls that slot empty: a power cut at any moment starts what runs now.
 */
export class Upgrade {
  readonly #site: UpgradeSite
  #status: UpgradeStatus | null = null
  #sender: string | null = null
  #toldAt = 0

  constructor(site: UpgradeSite) {
    this.#site = site
  }

  get status(): UpgradeStatus | null {
    return this.#status
  }

  /** What waits since before this supervisor started. */
  async look(): Promise<void> {
    const [running, slot] = [this.#site.running(), this.#site.waiting()]
    if (this.#status !== null || running === null || slot !== otherSlot(running.running)) return
    // A disk that cannot be read has its own alarms, and is no reason not to start.
    const block = await this.#site
      .partition(slot)
      .then(readLabel)
      .catch(() => null)
    const decoded = block && decodeLabel(block)
    if (decoded?.ok) this.#become(slot, decoded.label, 'ready', waits(slot))
  }

  /** What a file is whose beginning is offered; nothing is written. */
  async check(offer: Offer): Promise<OfferedUpgrade | Refusal> {
    const slot = this.#target()
    if (typeof slot !== 'string') return slot
    const source = offer.content
    try {
      const looked = await this.#looked(slot, await source.first(labelSize), offer)
      if ('kind' in looked) return looked
      const { version, commit, sha256, schema } = looked.label
      return { version, commit, sha256, schema, signature: looked.signature, slot }
    } finally {
      void source.rest().catch(() => {})
    }
  }

  /** Null: the other slot may be written now. */
  get refusal(): Refusal | null {
    const slot = this.#target()
    return typeof slot === 'string' ? null : slot
  }

  /** `onBegun`: nothing is left that refuses it, and it is being written. */
  async take(offer: Offer, onBegun: () => void = () => {}): Promise<UpgradeStatus | Refusal> {
    const slot = this.#target()
    if (typeof slot !== 'string') return slot
    this.#sender = offer.peer ?? offer.by
    try {
      return await this.#taken(slot, offer, onBegun)
    } finally {
      this.#sender = null
      void offer.content.rest().catch(() => {})
    }
  }

  /** Null: done. */
  async drop(by: string): Promise<Refusal | null> {
    const running = this.#site.running()
    const refusal = this.#notNow(running)
    if (refusal !== null || running === null) return refusal ?? notTheImage
    const slot = this.#site.waiting()
    if (slot === null || slot === running.running) {
      const detail = 'The next start takes the slot that runs now.'
      return problem(409, 'no-upgrade', 'Nothing waits for the next start', detail)
    }
    await this.#site.empty(slot)
    this.#status = null
    this.#site.note('upgrade-dropped', `${by} has taken back what waited in ${nameOf(slot)}`)
    this.#site.onChange()
    return null
  }

  #notNow(running: RunningSlot | null): Refusal | null {
    if (running === null) return notTheImage
    if (this.#sender === null) return null
    const detail = 'Wait until it has ended; "diarch status" shows how far it is.'
    return problem(409, 'upgrade-under-way', `${this.#sender} is sending an upgrade`, detail)
  }

  /** The slot that may be written now. */
  #target(): SlotName | Refusal {
    const running = this.#site.running()
    const refusal = this.#notNow(running)
    if (refusal !== null || running === null) return refusal ?? notTheImage
    if (running.state !== 'trial') return otherSlot(running.running)
    const title = `Slot ${running.running.toUpperCase()}, which runs, is on trial`
    const detail = 'The other one is the way back until it is confirmed: wait for a minute.'
    return problem(409, 'slot-on-trial', title, detail)
  }

  async #looked(slot: SlotName, block: Uint8Array, offer: Offer): Promise<Looked | Refusal> {
    const decoded = decodeLabel(block)
    if (!decoded.ok) {
      const detail = 'Expected a file diarch-VERSION-x86_64.slot, as a build leaves it.'
      return problem(422, 'not-a-slot', `That is no upgrade: ${decoded.why}`, detail)
    }
    const { label } = decoded
    const partition = await this.#site.partition(slot)
    const signature = signatureOf(label, this.#site.key())
    const { length, wishes, isAtBox, peer } = offer
    const { schema } = this.#site
    const isOfPeer = peer !== null
    const ground = { partitionSize: partition.size, schema, signature, length, isAtBox, isOfPeer }
    const refused = upgradeRefusal(label, ground, wishes)
    if (refused === null) return { label, partition, signature }
    return problem(422, refused.reason, refused.title, refused.detail)
  }

  async #taken(
    slot: SlotName,
    offer: Offer,
    onBegun: () => void,
  ): Promise<UpgradeStatus | Refusal> {
    const site = this.#site
    const { content: source, by, peer } = offer
    const block = await source.first(labelSize)
    const looked = await this.#looked(slot, block, offer)
    if ('kind' in looked) return looked
    const { label, partition } = looked
    const what = `version ${label.version} (${label.commit})`
    try {
      await site.empty(slot)
      this.#become(slot, label, 'writing', `${peer ?? by} sends it`)
      const from = peer === null ? '' : `, from ${peer}`
      site.note('upgrade-began', `${by} writes ${what} into ${nameOf(slot)}${from}`)
      onBegun()
      await this.#write(slot, label, block, source, partition)
      await site.install(slot)
    } catch (error) {
      return this.#failed(slot, label, error, peer === null ? 'Send the file' : 'Ask for it')
    }
    this.#become(slot, label, 'ready', waits(slot))
    site.note('upgrade-ready', `${what} is in ${nameOf(slot)}: the next start tries it`)
    return this.#status ?? notTheImage
  }

  async #write(
    slot: SlotName,
    label: SlotLabel,
    block: Uint8Array,
    source: ByteSource,
    partition: SlotPartition,
  ): Promise<void> {
    const writer = await SlotWriter.open(partition)
    try {
      for (let piece = await source.next(); piece !== null; piece = await source.next()) {
        if (writer.bytes + piece.length > label.size) {
          throw new Error(`it goes on after the ${label.size} bytes that its label says`)
        }
        await writer.write(piece)
        this.#progress(writer.bytes)
      }
      if (writer.bytes < label.size) {
        throw new Error(`it was cut off: ${writer.bytes} of ${label.size} bytes came`)
      }
      if (!(await writer.finish(block, label.sha256))) {
        throw new Error('it was damaged on its way: its SHA-256 is not that of its label')
      }
    } finally {
      await writer.close()
    }
    this.#become(slot, label, 'verifying', `${nameOf(slot)} is read back`)
    const [sum, kept] = [
      await readBack(partition, label.size, bytes => this.#progress(bytes)),
      await readLabel(partition),
    ]
    if (sum === label.sha256 && kept !== null && Buffer.compare(kept, block) === 0) return
    await SlotWriter.open(partition).then(again => again.close())
    throw new Error('the disk does not give back what was written to it: replace the disk')
  }

  #failed(slot: SlotName, label: SlotLabel, thrown: unknown, again: string): Refusal {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    const outcome = `${nameOf(slot)} holds nothing that could start; what runs is as it was`
    this.#become(slot, label, 'failed', `${why}. ${outcome}`)
    this.#site.note('upgrade-failed', `version ${label.version}: ${why}`)
    const title = `The upgrade to version ${label.version} failed: ${why}`
    return problem(422, 'upgrade-failed', title, `${outcome}. ${again} again.`)
  }

  #become(slot: SlotName, label: SlotLabel, state: UpgradeStatus['state'], why: string): void {
    const { version, commit, size } = label
    const before = this.#status?.bytes ?? 0
    const bytes = state === 'ready' ? size : state === 'failed' ? before : 0
    const since = new Date().toISOString()
    this.#status = { state, slot, version, commit, bytes, of: size, since, why }
    this.#site.onChange()
  }

  #progress(bytes: number): void {
    if (this.#status === null) return
    this.#status = { ...this.#status, bytes }
    if (performance.now() - this.#toldAt < progressEveryMs) return
    this.#toldAt = performance.now()
    this.#site.onChange()
  }
}

const nameOf = (slot: SlotName): string => `slot ${slot.toUpperCase()}`

const waits = (slot: SlotName): string => `${nameOf(slot)} is whole; the next start tries it`

const notTheImage = problem(
  409,
  'not-the-image',
  'This runs without the image, and has no slots',
  'Whoever installed it upgrades it.',
)
