/**
 * Every configuration that this box has had, as revisions. What `commit` has acknowledged is on the
 * disk, whole; what it refuses has changed nothing. Nothing is ever written over.
 */

import { splitSecrets } from '../config/secrets.ts'
import type { KernelError } from '../linux/kernel-error.ts'
import { canonical } from '../values/canonical.ts'
import { notWritten } from './not-written.ts'
import { type RevisionHead, sealed } from './revision.ts'
import { type Loaded, type Revision, RevisionFolder } from './revision-folder.ts'
import { secretFile } from './secret-file.ts'
import type { Trial } from './trial.ts'

export type Change = {
  /** As it was written, secrets and all; somebody else has checked it. */
  readonly document: unknown
  readonly author: string
  readonly reason: string
  readonly time: Date
  /** Until when somebody has to keep it; null: it stays. */
  readonly trialUntil: Trial['until'] | null
}

export type By = Pick<Change, 'author' | 'time'>

export type Committed = { readonly kind: 'committed'; readonly revision: Revision }
/** Somebody else was faster: this is what there is now. */
export type Stale = { readonly kind: 'stale'; readonly newest: Revision | null }
/** The newest revision has to be kept or taken back first. */
export type OnTrial = { readonly kind: 'on-trial'; readonly newest: Revision }
/** A first revision has nothing to go back to: it cannot be tried. */
export type NothingBefore = { readonly kind: 'nothing-before' }
export type NotWritten = { readonly kind: 'not-written'; readonly error: KernelError }
export type NothingOnTrial = { readonly kind: 'nothing-on-trial' }
/** What it should go back to cannot be read. */
export type FallBackDamaged = { readonly kind: 'damaged'; readonly damage: Damage }

/** For an alarm. */
export type Damage = { readonly file: string; readonly why: string }

export type History = {
  readonly heads: readonly RevisionHead[]
  readonly damage: readonly Damage[]
}

/** One process should write. If several do, each number goes to one of them. */
export const openStore = (path: string, keep = 100): Store =>
  new Store(new RevisionFolder(path), keep)

const [longestAuthor, longestReason] = [200, 1000]

export class Store {
  readonly #folder: RevisionFolder
  readonly #keep: number
  #newest: Revision | null = null
  /** Of the files, readable or not. */
  #highest = 0
  #damage: readonly Damage[] = []
  /** By number: also of those that newer ones have made unimportant. */
  readonly #broken = new Map<number, string>()

  /** What is on trial needs the one that it goes back to, so fewer than two are never kept. */
  constructor(folder: RevisionFolder, keep: number) {
    this.#folder = folder
    this.#keep = Math.max(2, keep)
    try {
      this.#look()
    } catch (error) {
      this.#damage = [{ file: folder.path, why: `it cannot be read: ${(error as Error).message}` }]
    }
  }

  /** Null: there is none that can be read. */
  get newest(): Revision | null {
    return this.#newest
  }

  /** Revisions newer than `newest`, which cannot be used. */
  get damage(): readonly Damage[] {
    return this.#damage
  }

  /** Null: the newest revision stays. */
  get trial(): Trial | null {
    return this.#newest?.trial ?? null
  }

  at(number: number): Loaded {
    return number === this.#newest?.number
      ? { kind: 'revision', revision: this.#newest }
      : this.#folder.load(number)
  }

  /**
   * Newest first. Documents are not read: damage further down in a file is known of those that
   * were to be used once.
   */
  history(): History {
    const found = this.#folder
      .numbers()
      .toReversed()
      .map(number => {
        const why = this.#broken.get(number)
        const read =
          why === undefined ? this.#folder.head(number) : { kind: 'damaged' as const, why }
        return { number, read }
      })
    return {
      heads: found.flatMap(({ read }) => (read.kind === 'head' ? [read.head] : [])),
      damage: found.flatMap(({ number, read }) =>
        read.kind === 'damaged' ? [{ file: this.#folder.fileOf(number), why: read.why }] : [],
      ),
    }
  }

  /** On top of the revision `parent`, 0 where there is none. */
  commit(parent: number, change: Change): Committed | Stale | OnTrial | NothingBefore | NotWritten {
    return this.#writing(() => {
      this.#look()
      if (parent !== (this.#newest?.number ?? 0)) return { kind: 'stale', newest: this.#newest }
      if (this.#newest?.trial) return { kind: 'on-trial', newest: this.#newest }
      if (parent === 0 && change.trialUntil !== null) return { kind: 'nothing-before' }
      return this.#add(change)
    })
  }

  /** What is on trial stays. */
  confirm(by: By): Committed | Stale | NothingOnTrial | NotWritten {
    return this.#writing(() => {
      this.#look()
      if (!this.#newest?.trial) return { kind: 'nothing-on-trial' }
      const { document, number } = this.#newest
      const reason = `revision ${number} is kept`
      return this.#add({ ...by, document, reason, trialUntil: null })
    })
  }

  /** What is on trial goes, and the revision before it is the newest again, under a new number. */
  fallBack(by: By, why: string): Committed | Stale | NothingOnTrial | FallBackDamaged | NotWritten {
    return this.#writing(() => {
      this.#look()
      const trial = this.#newest?.trial
      if (!trial) return { kind: 'nothing-on-trial' }
      const good = this.#folder.load(trial.fallBackTo)
      if (good.kind !== 'revision') {
        const reason = good.kind === 'absent' ? 'it is missing' : good.why
        const file = this.#folder.fileOf(trial.fallBackTo)
        return { kind: 'damaged', damage: { file, why: reason } }
      }
      const reason = `back to revision ${trial.fallBackTo}: ${why}`
      return this.#add({ ...by, document: good.revision.document, reason, trialUntil: null })
    })
  }

  #add({ document, author, reason, time, trialUntil }: Change): Committed | Stale {
    const parent = this.#newest
    const { public: shown, secrets } = splitSecrets(document)
    const number = this.#highest + 1
    const same = parent !== null && canonical(secrets) === canonical(parent.secretValues)
    const file = same || Object.keys(secrets).length === 0 ? null : secretFile(number, secrets)
    const stored = sealed({
      number,
      parent: parent?.number ?? 0,
      parentHash: parent?.hash ?? '',
      author: author.slice(0, longestAuthor),
      time: time.toISOString(),
      reason: reason.slice(0, longestReason),
      trial: trialUntil && { fallBackTo: parent?.number ?? 0, until: trialUntil },
      secrets: same ? parent.secrets : (file?.name ?? null),
      document: shown,
    })
    if (!this.#folder.add(stored, file)) {
      this.#look()
      return { kind: 'stale', newest: this.#newest }
    }
    const revision: Revision = { ...stored, document, shown, secretValues: secrets }
    this.#newest = revision
    this.#highest = number
    this.#damage = []
    ignoringErrors(() => this.#folder.prune(this.#keep, [revision.parent]))
    return { kind: 'committed', revision }
  }

  /**
   * Takes away what writers left who ended in the middle. For the process that is started with the
   * box: somebody who writes at this moment gets an error.
   */
  tidy(): void {
    ignoringErrors(() => this.#folder.removeUnfinished())
  }

  /** Another process may have written. The newest that can be read is the newest. */
  #look(): void {
    const numbers = this.#folder.numbers()
    const highest = numbers.at(-1) ?? 0
    if (highest === this.#highest) return
    const damage: Damage[] = []
    let newest: Revision | null = null
    for (const number of numbers.toReversed()) {
      const loaded = this.at(number)
      if (loaded.kind === 'revision') newest = loaded.revision
      if (newest !== null) break
      const why = loaded.kind === 'damaged' ? loaded.why : 'it is missing'
      if (loaded.kind === 'damaged') this.#broken.set(number, why)
      damage.push({ file: this.#folder.fileOf(number), why })
    }
    this.#newest = newest
    this.#highest = highest
    this.#damage = damage
  }

  #writing<T>(work: () => T): T | NotWritten {
    try {
      return work()
    } catch (error) {
      return { kind: 'not-written', error: notWritten(this.#folder.path, error) }
    }
  }
}

/** Of tidying: nothing depends on it. */
function ignoringErrors(work: () => void): void {
  try {
    work()
  } catch {}
}
