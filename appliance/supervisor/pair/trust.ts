import type { Pin } from '../../pairing/pair-messages.ts'
import { isKeyOf } from '../../pairing/peer-key.ts'
import { minutes } from '../../values/duration.ts'
import {
  hasPairRecord,
  type KnownBox,
  type PairRecord,
  readPairRecord,
  writePairRecord,
} from './record.ts'

export type TrustSite = {
  readonly stateDir: string
  readonly note: (event: string, text: string) => void
  readonly onChange: () => void
  /** A guest has not come in time. */
  readonly onGuestGone: () => void
}

/** Somebody who never comes back is not let in later. */
const guestStays = minutes(10)

/** Who may connect, and what both had last; all of it survives the end of the supervisor. */
export class PairTrust {
  readonly #site: TrustSite
  #record: PairRecord
  #guestLeaves: NodeJS.Timeout | null = null

  constructor(site: TrustSite) {
    this.#site = site
    this.#record = readPairRecord(site.stateDir, why => site.note('pair-record-unreadable', why))
    this.#holdGuest()
  }

  get record(): PairRecord {
    return this.#record
  }

  /** Somebody was trusted at some time. */
  get isWritten(): boolean {
    return hasPairRecord(this.#site.stateDir)
  }

  /** Whom the process may let in: a guest before the peer whose place it takes. */
  get pins(): readonly Pin[] {
    const { guest, peer } = this.#record
    const boxes = [guest, peer].flatMap(box => box ?? [])
    return boxes.map(({ fingerprint, next, address, port }) => ({
      fingerprint,
      next,
      address,
      port,
    }))
  }

  /** The peer, unless it is the guest who is meant. */
  of(fingerprint: string | null): KnownBox | null {
    const { peer, guest } = this.#record
    return guest !== null && fingerprint !== null && isKeyOf(guest, fingerprint) ? guest : peer
  }

  /** By its key, or its next one. False: it is not on the disk. */
  put(known: KnownBox): boolean {
    const { peer, guest, waiting } = this.#record
    const { fingerprint } = known
    if (guest !== null && isKeyOf(guest, fingerprint)) {
      return this.keep({ peer, guest: known, waiting })
    }
    if (peer !== null && isKeyOf(peer, fingerprint)) {
      return this.keep({ peer: known, guest, waiting })
    }
    return false
  }

  /** False: it is not on the disk. */
  keep(record: PairRecord): boolean {
    const before = this.#record.guest
    this.#record = record
    let isKept = true
    try {
      writePairRecord(this.#site.stateDir, record)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#site.note('pair-record-not-written', why)
      isKept = false
    }
    if (before?.fingerprint !== record.guest?.fingerprint) this.#holdGuest()
    this.#site.onChange()
    return isKept
  }

  #holdGuest(): void {
    if (this.#guestLeaves !== null) clearTimeout(this.#guestLeaves)
    if (this.#record.guest === null) return
    this.#guestLeaves = setTimeout(() => {
      this.keep({ ...this.#record, guest: null })
      this.#site.onGuestGone()
    }, guestStays)
    this.#guestLeaves.unref()
  }
}
