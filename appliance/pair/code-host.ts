import { randomBytes } from 'node:crypto'
import type { About, LinkFrame } from '../pairing/frames.ts'
import { type Host, isProven, replyTo } from '../pairing/handshake.ts'
import type { FromPair } from '../pairing/pair-messages.ts'
import { whyVersionsDiffer } from '../pairing/versions.ts'
import { bytesOf, hexOf } from './bytes.ts'
import type { Connection } from './connection.ts'

export type CodeHostSite = {
  readonly own: () => Uint8Array
  readonly about: () => About
  readonly tell: (message: FromPair) => void
}

type Offer = { readonly code: string; triesLeft: number }
type Proof = Extract<LinkFrame, { frame: 'proof' }>

/**
 * Shows a code, in that it lets in whoever proves to know it. A try counts from the moment at which
 * the other side could tell from our answer whether its guess was right.
 */
export class CodeHost {
  readonly #site: CodeHostSite
  #offer: Offer | null = null
  /** They have proven it, and wait until the supervisor has written that down. */
  readonly #guests = new Map<string, Connection>()
  /** They have proven it, and have other software: they may take that of this box. */
  readonly #others = new Set<string>()

  constructor(site: CodeHostSite) {
    this.#site = site
  }

  show(code: string | null, tries: number): void {
    this.#offer = code === null ? null : { code, triesLeft: tries }
    if (code === null) this.#others.clear()
  }

  /** It has proven the code that is shown. */
  knows(fingerprint: string): boolean {
    return this.#others.has(fingerprint)
  }

  /** The first frame of a connection asks to join. */
  begin(connection: Connection, opening: Extract<LinkFrame, { frame: 'join' }>): void {
    const offer = this.#offer
    if (offer === null || offer.triesLeft < 1) {
      connection.send({ frame: 'refused', reason: 'no-code', detail: '' })
      connection.close('this box shows no code')
      return
    }
    const certificates = { joiner: connection.digest, host: this.#site.own() }
    const { session, share } = opening
    const answered = replyTo(
      offer.code,
      certificates,
      { session: bytesOf(session), share: bytesOf(share) },
      randomBytes(32),
    )
    if (answered === null) {
      connection.close('what it sent is no opening')
      return
    }
    offer.triesLeft -= 1
    const { reply, host } = answered
    connection.send({ frame: 'reply', share: hexOf(reply.share), proof: hexOf(reply.proof) })
    this.#awaitProof(connection, offer, host)
  }

  #awaitProof(connection: Connection, offer: Offer, host: Host): void {
    let isOpen = true
    const failed = (): void => {
      if (!isOpen) return
      isOpen = false
      this.#site.tell({ kind: 'pair-tried', from: connection.address, triesLeft: offer.triesLeft })
    }
    connection.expect({
      onClose: failed,
      onFrame: frame => {
        if (frame.frame !== 'proof' || !isProven(host, bytesOf(frame.proof))) {
          connection.send({ frame: 'refused', reason: 'wrong-code', detail: '' })
          connection.close('it does not know the code')
          return
        }
        isOpen = false
        this.#welcome(connection, offer, frame)
      },
    })
  }

  #welcome(connection: Connection, offer: Offer, { about, anyVersion = false }: Proof): void {
    const own = this.#site.about()
    const detail = whyVersionsDiffer(about, own)
    if (detail !== null && !(anyVersion && about.schemaVersion === own.schemaVersion)) {
      this.#others.add(connection.fingerprint)
      connection.send({ frame: 'refused', reason: 'versions', detail, about: own })
      connection.close(detail)
      return
    }
    // It has served: nobody else gets in with it.
    if (this.#offer === offer) this.#offer = null
    const { fingerprint, address } = connection
    const ended = (): void => {
      if (this.#guests.get(fingerprint) === connection) this.#guests.delete(fingerprint)
    }
    this.#guests.set(fingerprint, connection)
    connection.expect({ onClose: ended, onFrame: () => connection.close('it speaks too early') })
    this.#site.tell({ kind: 'pair-guest', box: { fingerprint, about, address } })
  }

  /** It is written down. */
  pinned(fingerprints: readonly string[]): void {
    for (const fingerprint of fingerprints) {
      const connection = this.#guests.get(fingerprint)
      connection?.send({ frame: 'welcome', about: this.#site.about() })
      connection?.close('it is welcome')
    }
  }
}
