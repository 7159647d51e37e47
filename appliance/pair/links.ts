import type { Identity } from '../linux/identity.ts'
import type { Unknown } from '../pairing/frame-reader.ts'
import type { About, Frame, TalkFrame } from '../pairing/frames.ts'
import { talkFrame } from '../pairing/frames.ts'
import type { FromPair, Pin } from '../pairing/pair-messages.ts'
import { isKeyOf } from '../pairing/peer-key.ts'
import { Connection } from './connection.ts'
import { dial } from './tls.ts'

const [firstWaitMs, longestWaitMs] = [250, 5000]
/** Nobody fills our memory, or the box's events, with names. */
const mostUnknown = 16

export type LinksSite = {
  readonly identity: () => Identity
  readonly about: () => About
  readonly tell: (message: FromPair) => void
}

type Link = { readonly connection: Connection; readonly dialledBy: string }

/**
 * The one connection to the paired box. Both boxes dial; where two connections meet, both keep the
 * one that the box with the lower fingerprint has dialled.
 */
export class Links {
  readonly #site: LinksSite
  #pins: readonly Pin[] = []
  #link: Link | null = null
  #timer: NodeJS.Timeout | null = null
  #waitMs = firstWaitMs
  #dialling = false
  readonly #unknown = new Set<string>()

  constructor(site: LinksSite) {
    this.#site = site
  }

  trust(pins: readonly Pin[]): void {
    this.#pins = pins
    const { connection } = this.#link ?? {}
    if (connection !== undefined && this.#place(connection.fingerprint) < 0) {
      this.#drop('the two boxes are no pair any more')
    }
    this.#waitMs = firstWaitMs
    if (this.#link === null || this.#place(this.#link.connection.fingerprint) > 0) this.#soon(0)
  }

  /** This box has another key: what stands was made with the one before. */
  shown(): void {
    this.#drop('this box has a new key')
    this.#waitMs = firstWaitMs
    this.#soon(0)
  }

  send(frame: TalkFrame): void {
    this.#link?.connection.send(frame)
  }

  /** Somebody has dialled us, and says who he is. */
  greeted(connection: Connection, about: About): void {
    if (this.#place(connection.fingerprint) < 0) {
      connection.send({ frame: 'refused', reason: 'unknown-box', detail: '' })
      connection.close('it is not the paired box')
      return
    }
    const link: Link = { connection, dialledBy: connection.fingerprint }
    if (this.#whyNot(link) === null) connection.send({ frame: 'hello', about: this.#site.about() })
    this.#use(link, about)
  }

  isPinned(fingerprint: string): boolean {
    return this.#place(fingerprint) >= 0
  }

  #place(fingerprint: string): number {
    return this.#pins.findIndex(pin => isKeyOf(pin, fingerprint))
  }

  /** The lower, the better: a pin in front of others, its next key, who is to have dialled. */
  #rank({ connection: { fingerprint, own }, dialledBy }: Link): number {
    const place = this.#place(fingerprint)
    const { next = null } = this.#pins[place] ?? {}
    const isOld = next !== null && next !== fingerprint
    const lower = [fingerprint, own].sort()[0]
    return 4 * place + (isOld ? 2 : 0) + (dialledBy === lower ? 0 : 1)
  }

  #whyNot(link: Link): string | null {
    if (link.connection.own !== this.#site.identity().fingerprint) return 'this box has a new key'
    const isWorse = this.#link !== null && this.#rank(this.#link) < this.#rank(link)
    return isWorse ? 'there is a better connection' : null
  }

  #use(link: Link, about: About): void {
    const { connection } = link
    const { fingerprint, address } = connection
    const whyNot = this.#whyNot(link)
    if (whyNot !== null) {
      connection.close(whyNot)
      return
    }
    this.#drop('it has connected again')
    this.#link = link
    this.#waitMs = firstWaitMs
    connection.becomeLink({
      onFrame: frame => this.#heard(connection, frame),
      onClose: why => this.#closed(connection, why),
    })
    const yields = connection.own < fingerprint
    this.#site.tell({ kind: 'pair-linked', box: { fingerprint, about, address }, yields })
  }

  #heard(connection: Connection, frame: Frame | Unknown): void {
    if (this.#link?.connection !== connection) return
    if (frame.frame === null) {
      this.#ignored(frame.name)
      return
    }
    const parsed = talkFrame.safeParse(frame)
    if (parsed.success) this.#site.tell({ kind: 'pair-frame', frame: parsed.data })
    else connection.close(`it says "${frame.frame}" on a connection that stands`)
  }

  /** The peer has newer software: said once, however often it comes. */
  #ignored(name: string): void {
    if (this.#unknown.has(name) || this.#unknown.size >= mostUnknown) return
    this.#unknown.add(name)
    this.#site.tell({ kind: 'pair-unknown', name })
  }

  #closed(connection: Connection, why: string): void {
    if (this.#link?.connection !== connection) return
    this.#link = null
    this.#site.tell({ kind: 'pair-cut', why })
    this.#soon(this.#waitMs)
  }

  #drop(why: string): void {
    const { connection } = this.#link ?? {}
    if (connection === undefined) return
    this.#link = null
    connection.close(why)
    this.#site.tell({ kind: 'pair-cut', why })
  }

  #soon(waitMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#dial(), waitMs)
  }

  /** Those in front of the one that is connected, if one is. */
  async #dial(): Promise<void> {
    const { connection } = this.#link ?? {}
    const best = connection === undefined ? this.#pins.length : this.#place(connection.fingerprint)
    const wanted = this.#pins.slice(0, Math.max(0, best))
    if (wanted.length === 0 || this.#dialling) return
    this.#dialling = true
    for (const pin of wanted) await this.#dialOne(pin)
    this.#dialling = false
    this.#waitMs = Math.min(longestWaitMs, this.#waitMs * 2)
    this.#soon(this.#waitMs)
  }

  async #dialOne(pin: Pin): Promise<void> {
    const { about } = this.#site
    try {
      const socket = await dial(this.#site.identity(), pin.address, pin.port)
      const connection = new Connection(socket, {
        onClose: () => undefined,
        onFrame: frame => {
          if (frame.frame === 'hello') {
            this.#use({ connection, dialledBy: connection.own }, frame.about)
          } else if (frame.frame === 'refused') this.#refused(connection, frame.reason)
          else connection.close('it does not say who it is')
        },
      })
      if (isKeyOf(pin, connection.fingerprint) && this.isPinned(connection.fingerprint)) {
        connection.send({ frame: 'hello', about: about() })
      } else connection.close('it is another box')
    } catch {
      // Nobody answers: it is tried again.
    }
  }

  #refused(connection: Connection, reason: string): void {
    connection.close(reason)
    // It may have forgotten the key from before.
    const isNow = connection.own === this.#site.identity().fingerprint
    if (this.#link !== null || !isNow) return
    const why = 'the peer does not know this box any more: pair them again, or "diarch pair leave"'
    this.#site.tell({ kind: 'pair-cut', why })
  }
}
