import type { KeyFrame } from '../../pairing/key-frames.ts'
import {
  newOwnKey,
  type OwnKeyEffect,
  type OwnKeyInput,
  type OwnKeys,
  stepOwnKey,
} from '../../pairing/own-key.ts'
import type { ToPair } from '../../pairing/pair-messages.ts'
import { afterUse, pinnedBeside } from '../../pairing/peer-key.ts'
import type { PairKeyStatus } from '../../status/pair-status.ts'
import { minutes, seconds } from '../../values/duration.ts'
import { unixTime } from '../../values/unix-time.ts'
import type { PairTrust } from './trust.ts'

export type PairKeysSite = {
  readonly trust: PairTrust
  /** False: the process does not run. */
  readonly send: (message: ToPair) => boolean
  readonly note: (event: string, text: string) => void
  /** Both have the same, nothing is on its way, and nobody is about to become the peer. */
  readonly isReady: () => boolean
  /** Other keys may connect than before. */
  readonly onPins: () => void
  readonly onChange: () => void
}

/** `replaced`: a key of the other box that has to be gone too. */
type Waiting = { readonly replaced: string | null; readonly end: () => void }

const lookEvery = minutes(60)
/** Disks of both boxes, and a connection anew, on slow machines too. */
const longestRenewal = seconds(20)

/** Performs what becomes of the keys of both boxes: this one's own, and that of the other one. */
export class PairKeys {
  readonly #site: PairKeysSite
  #machine = newOwnKey
  readonly #waiting = new Set<Waiting>()

  constructor(site: PairKeysSite) {
    this.#site = site
    setInterval(() => this.#time(), lookEvery).unref()
  }

  /** Null: the process `pair` has not run yet. */
  get status(): PairKeyStatus | null {
    const { keys, isWanted } = this.#machine
    if (keys === null) return null
    const { fingerprint, since, next } = keys
    return {
      fingerprint,
      since: new Date(since).toISOString(),
      isChanging: isWanted || next !== null,
    }
  }

  onKeys(keys: OwnKeys, trouble: string | null): void {
    const isFirst = this.#machine.keys === null
    this.#step({ input: 'keys', keys, trouble })
    if (isFirst) this.#time()
    this.#site.onChange()
  }

  /** Whether the pair may get new keys may have changed. */
  look(): void {
    this.#step({ input: 'ready', isReady: this.#site.isReady() })
    const { isReady, isWanted, keys } = this.#machine
    if (!isReady || isWanted || keys?.next !== null) return
    const theirs = this.#site.trust.record.peer?.fingerprint
    for (const { replaced, end } of this.#waiting) if (replaced !== theirs) end()
  }

  /**
   * Until the two are connected with a new key, or for a while: then it goes on by itself.
   * `isForBoth`: the other box gets one too.
   */
  async renew(isForBoth: boolean): Promise<void> {
    const { peer } = this.#site.trust.record
    if (isForBoth) this.#say({ frame: 'renew-key' })
    const done = new Promise<void>(resolve => {
      const waiting: Waiting = {
        replaced: isForBoth ? (peer?.fingerprint ?? null) : null,
        end: () => {
          clearTimeout(late)
          this.#waiting.delete(waiting)
          resolve()
        },
      }
      const late = setTimeout(waiting.end, longestRenewal)
      this.#waiting.add(waiting)
    })
    this.#step({ input: 'renew' })
    await done
  }

  /** The other box has connected with that key. */
  linked(shown: string): void {
    const { trust, note, onPins } = this.#site
    const known = trust.of(shown)
    if (known === null) return
    const after = afterUse(known, shown)
    if (after.fingerprint === known.fingerprint) return
    trust.put({ ...known, ...after, keySince: new Date().toISOString() })
    note(
      'pair-key-of-peer',
      `${known.name} shows its new key, SHA-256 ${shown}: nobody is let in with its old one`,
    )
    onPins()
  }

  /** `from`: the key of the one who says it. */
  heard(frame: KeyFrame, from: string): void {
    switch (frame.frame) {
      case 'new-key': {
        const known = this.#site.trust.of(from)
        const { fingerprint } = frame
        if (known === null) return
        if (!this.#site.trust.put({ ...known, ...pinnedBeside(known, fingerprint) })) return
        this.#site.onPins()
        this.#say({ frame: 'new-key-known', fingerprint })
        return
      }
      case 'new-key-known':
        this.#step({ input: 'known', fingerprint: frame.fingerprint })
        return
      case 'renew-key':
        this.#step({ input: 'renew' })
    }
  }

  #say(frame: KeyFrame): void {
    this.#site.send({ kind: 'pair-send', frame })
  }

  #time(): void {
    this.#step({ input: 'time', now: unixTime(Date.now()) })
  }

  /** A change may have begun since anybody looked: its connection stays until that is over. */
  #step(input: OwnKeyInput): void {
    if (input.input !== 'ready' && !this.#site.isReady()) {
      this.#take({ input: 'ready', isReady: false })
    }
    this.#take(input)
  }

  #take(input: OwnKeyInput): void {
    const { state, effects } = stepOwnKey(this.#machine, input)
    this.#machine = state
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: OwnKeyEffect): void {
    const { send, note } = this.#site
    switch (effect.effect) {
      case 'make':
        send({ kind: 'pair-make-key' })
        break
      case 'tell':
        this.#say({ frame: 'new-key', fingerprint: effect.fingerprint })
        break
      case 'use':
        send({ kind: 'pair-use-key', fingerprint: effect.fingerprint })
        break
      case 'changed':
        note(
          'pair-key',
          `this box has a new key, SHA-256 ${effect.fingerprint}: the old one is deleted`,
        )
        break
      case 'trouble':
        note('pair-key-not-changed', `this box keeps its key for now: ${effect.why}`)
        break
    }
  }
}
