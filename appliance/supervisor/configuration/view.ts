import type { ChangeRefusal, ShownConfiguration, TrialInfo } from '../../api/configuration.ts'
import type { Document } from '../../config/document.ts'
import type { Parts } from '../../config/parts.ts'
import { splitSecrets } from '../../config/secrets.ts'
import type { ConfigurationStatus } from '../../status/document.ts'
import type { Revision } from '../../store/revision-folder.ts'
import type { Store } from '../../store/store.ts'
import { thisMoment, trialLeft } from '../../store/trial.ts'
import { revisionInfo } from './words.ts'

export type InForce = {
  /** Null: it could not be recorded, or there is none. */
  readonly revision: Revision | null
  /** As it was written, secrets and all. */
  readonly raw: unknown
  /** Null: nothing is configured. */
  readonly document: Document | null
  readonly parts: Parts
  readonly since: string
}

/** What people see of the configuration, and of those before it. */
export class ConfigurationView {
  readonly #store: Store
  /** `store`, or the file that it is read from. */
  readonly #source: string
  readonly #inForce: () => InForce

  constructor(store: Store, source: string, inForce: () => InForce) {
    this.#store = store
    this.#source = source
    this.#inForce = inForce
  }

  status(): ConfigurationStatus | null {
    const { revision, raw, since } = this.#inForce()
    if (raw === null) return null
    const { number = null, author = this.#source, reason = '' } = revision ?? {}
    const why = reason === '' ? 'no reason was given' : reason
    return { source: this.#source, revision: number, author, since, why, trial: this.trial() }
  }

  current(): ShownConfiguration {
    const { revision, raw } = this.#inForce()
    return {
      source: this.#source,
      revision: revision && revisionInfo(revision),
      trial: this.trial(),
      document: raw === null ? null : splitSecrets(raw).public,
    }
  }

  at(number: number): ShownConfiguration | ChangeRefusal {
    const loaded = this.#store.at(number)
    if (loaded.kind !== 'revision') {
      const why = loaded.kind === 'damaged' ? loaded.why : 'it is not kept, or never was'
      return { kind: 'no-such-revision', number, why }
    }
    const { revision } = loaded
    const trial = number === this.#inForce().revision?.number ? this.trial() : null
    const info = revisionInfo(revision)
    return { source: this.#source, revision: info, trial, document: revision.shown }
  }

  history() {
    const { heads, damage } = this.#store.history()
    return {
      revisions: heads.map(revisionInfo),
      damage: damage.map(({ file, why }) => `${file}: ${why}`),
    }
  }

  trial(): TrialInfo | null {
    const { trial, newest } = this.#store
    if (trial === null || newest !== this.#inForce().revision) return null
    const secondsLeft = Math.ceil(trialLeft(trial, thisMoment()) / 1000)
    return { fallBackTo: trial.fallBackTo, secondsLeft }
  }
}
