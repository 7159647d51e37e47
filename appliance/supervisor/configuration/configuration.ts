/**
 * What this box is configured to do. The processes take a change first, and it is written when all
 * of them have: a change that ends the box is not there when it comes back (docs/adr/0015).
 */

import { join } from 'node:path'
import type {
  ChangeAnswer,
  ChangeRefusal,
  ChangeRequest,
  RevisionInfo,
  ShownConfiguration,
} from '../../api/configuration.ts'
import { planBetween } from '../../config/apply-plan.ts'
import { applyPlanText } from '../../config/apply-plan-text.ts'
import { usersGone } from '../../config/checks/users.ts'
import { changeText, difference } from '../../config/difference.ts'
import { type Document, parseDocument, parseDocumentAfter } from '../../config/document.ts'
import { findingText } from '../../config/finding.ts'
import { migrated } from '../../config/migrations.ts'
import { noParts, type Parts, partsOf } from '../../config/parts.ts'
import { splitSecrets } from '../../config/secrets.ts'
import type { ConfigurationStatus } from '../../status/document.ts'
import type { Revision } from '../../store/revision-folder.ts'
import { type Change, openStore, type Store } from '../../store/store.ts'
import { momentAfter, thisMoment, trialLeft } from '../../store/trial.ts'
import { type Duration, seconds } from '../../values/duration.ts'
import type { ConfigurationControl, Stands } from './control.ts'
import type { ConfigurationCore, ConfigurationSite } from './core.ts'
import { readFromFile, takeOverFile } from './from-file.ts'
import { withKeptPasswords } from './kept-passwords.ts'
import { clusterOf, type PeerWord, type SharedChange, takeFromPeer } from './peer.ts'
import { type Wish, wishOf } from './request.ts'
import { newestUsable } from './stored.ts'
import { ConfigurationView, type InForce } from './view.ts'
import {
  damageAlarm,
  firstOf,
  inStore,
  itself,
  notEnded,
  otherWriter,
  refusalText,
  refusedAlarm,
  revisionInfo,
  revisionText,
} from './words.ts'

/** A trial whose end could not be written is ended again after so long. */
const retryAfter = seconds(30)

const always: Stands = () => true
const authorGone = { kind: 'author-gone' } as const

export class Configuration implements ConfigurationControl {
  readonly #site: ConfigurationSite
  readonly #store: Store
  readonly #view: ConfigurationView
  readonly #core: ConfigurationCore
  #inForce: InForce
  /** One after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null

  constructor(site: ConfigurationSite) {
    this.#site = site
    this.#store = openStore(join(site.stateDir, 'config'))
    const since = new Date().toISOString()
    this.#inForce = { revision: null, raw: null, document: null, parts: noParts(), since }
    this.#core = {
      site,
      store: this.#store,
      inForce: () => this.#inForce,
      setInForce: next => {
        this.#inForce = next
      },
      parsed: raw => this.#parsed(raw),
      giveBack: parts => this.#giveBack(parts),
      commit: (change, next) => this.#commit(change, next),
      confirm: author => this.#confirmAndUse(author),
    }
    this.#view = new ConfigurationView(this.#store, site.file ?? 'store', () => this.#inForce)
  }

  /** Throws when a file that it was told to read is refused: there is nothing to run then. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      this.#store.tidy()
      if (this.#site.file === null) return this.#startFromStore()
      const findings = await readFromFile(this.#site.file, this.#core)
      if (findings.length === 0) return
      const lines = findings.map(finding => `\n  ${finding}`).join('')
      throw new Error(`the configuration ${this.#site.file} is refused:${lines}`)
    })
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  /** Reads the file again. Gives what is wrong with it; then what was in force goes on. */
  reload(): Promise<readonly string[]> {
    const { file } = this.#site
    return this.#inTurn(async () => (file === null ? [inStore] : readFromFile(file, this.#core)))
  }

  /** Null: none has been given yet. */
  get status(): ConfigurationStatus | null {
    return this.#view.status()
  }

  readonly current = (): ShownConfiguration => this.#view.current()
  readonly at = (number: number): ShownConfiguration | ChangeRefusal => this.#view.at(number)
  readonly history = () => this.#view.history()
  readonly withSecrets = (): unknown => this.#inForce.raw

  change(
    request: ChangeRequest,
    author: string,
    stands: Stands = always,
  ): Promise<ChangeAnswer | ChangeRefusal> {
    return this.#inTurn(async () => (stands() ? this.#change(request, author) : authorGone))
  }

  confirm(author: string, stands: Stands = always): Promise<RevisionInfo | ChangeRefusal> {
    return this.#inTurn(async () => {
      if (!stands()) return authorGone
      if (this.#store.trial === null) return { kind: 'nothing-on-trial' }
      const cluster = clusterOf(this.#inForce.raw)
      const kept = { cluster, author, reason: 'it is kept', confirmWithin: null }
      const refusal = await this.#site.share(kept, () => this.#confirm(author))
      if (refusal !== null) return refusal
      const { newest } = this.#store
      if (newest === null) return { kind: 'nothing-on-trial' }
      await this.#adopt(newest)
      return revisionInfo(newest)
    })
  }

  fallBack(author: string, stands: Stands = always): Promise<RevisionInfo | ChangeRefusal> {
    return this.#inTurn(async () => {
      if (!stands()) return authorGone
      const cluster = clusterOf(this.#inForce.raw)
      const outcome = await this.#fallBack(author, 'somebody ended the trial')
      if (!('kind' in outcome)) this.#site.trialEnded(cluster)
      return outcome
    })
  }

  /** The cluster's half as it stays: not that of a change on trial. */
  get half(): SharedChange['cluster'] {
    const { trial } = this.#store
    if (trial === null) return clusterOf(this.#inForce.raw)
    const good = this.#store.at(trial.fallBackTo)
    return clusterOf(good.kind === 'revision' ? good.revision.document : null)
  }

  /** A change of the paired box. Gives why it is not taken. */
  fromPeer(change: SharedChange, word: PeerWord): Promise<readonly string[]> {
    return this.#inTurn(() => takeFromPeer(change, word, this.#core))
  }

  /** The paired box has ended the trial of such a half. */
  endTrialOf(isThat: (cluster: SharedChange['cluster']) => boolean, author: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#store.trial === null || !isThat(clusterOf(this.#inForce.raw))) return
      await this.#fallBack(author, 'somebody ended the trial')
    })
  }

  async #confirmAndUse(author: string): Promise<string | null> {
    const why = this.#confirm(author)
    if (why === null && this.#store.newest !== null) await this.#adopt(this.#store.newest)
    return why
  }

  /** Gives why not. */
  #confirm(author: string): string | null {
    const outcome = this.#store.confirm({ author, time: new Date() })
    if (outcome.kind === 'not-written') return outcome.error.message
    if (outcome.kind !== 'committed') return otherWriter
    this.#site.note('configuration-confirmed', revisionText(outcome.revision))
    return null
  }

  async #change(request: ChangeRequest, author: string): Promise<ChangeAnswer | ChangeRefusal> {
    const before = this.#inForce
    const { file } = this.#site
    const isDry = request.dryRun === true
    if (file !== null && !isDry) return { kind: 'in-file', path: file }
    const stale = this.#stale(request.parent)
    if (stale !== null) return stale
    const secrets = before.raw === null ? {} : splitSecrets(before.raw).secrets
    const wish = wishOf(request, { raw: before.raw, secrets, store: this.#store })
    if (wish.kind !== 'wish') return wish
    const parsed = this.#parsed(wish.raw)
    if (parsed.kind === 'refused') {
      this.#refused(author, firstOf(parsed.findings))
      return { kind: 'invalid', findings: parsed.findings }
    }
    const lockedOut = usersGone(before.document, parsed.document)
    if (lockedOut !== null) {
      this.#refused(author, findingText(lockedOut))
      return { kind: 'invalid', findings: [lockedOut] }
    }
    const parts = partsOf(parsed.document, before.parts)
    const plan = planBetween(before.parts, parts)
    const raw = migrated(wish.raw).value
    const differences = difference(before.raw ?? {}, raw).map(changeText)
    const about = { plan, planText: applyPlanText(plan), differences }
    const isSame = differences.length === 0 && before.raw !== null
    if (isDry || isSame) return this.#answer(isDry ? 'planned' : 'same', about)
    const refusal = await this.#apply(
      { ...wish, raw },
      { document: parsed.document, parts },
      author,
    )
    return refusal ?? this.#answer('applied', about)
  }

  /** To the processes, and then to the disk. Null: it is in force. */
  async #apply(
    { raw, reason, confirmWithin }: Wish,
    made: Pick<InForce, 'document' | 'parts'>,
    author: string,
  ): Promise<ChangeRefusal | null> {
    const before = this.#inForce
    if (this.#store.trial !== null && this.#store.newest !== null) {
      return { kind: 'on-trial', newest: revisionInfo(this.#store.newest) }
    }
    if (confirmWithin !== null && before.revision === null) return { kind: 'nothing-before' }
    const document = await this.#site.sealed(raw, before.raw)
    const next = withKeptPasswords(made, document)
    const whys = await this.#site.give(next.parts)
    if (whys.length > 0) {
      await this.#giveBack(before.parts)
      this.#refused(author, whys.join('; '))
      return { kind: 'not-taken', whys }
    }
    const change = { cluster: clusterOf(document), author, reason, confirmWithin }
    const refusal = await this.#site.share(change, () => {
      const trialUntil = confirmWithin && momentAfter(thisMoment(), confirmWithin)
      return this.#commit({ document, author, reason, time: new Date(), trialUntil }, next)
    })
    if (refusal === null) return null
    await this.#giveBack(before.parts)
    this.#refused(author, refusalText(refusal))
    return refusal
  }

  /** Gives why not. */
  #commit(change: Change, next: Pick<InForce, 'document' | 'parts'>): string | null {
    const outcome = this.#store.commit(this.#store.newest?.number ?? 0, change)
    if (outcome.kind === 'not-written') return outcome.error.message
    if (outcome.kind !== 'committed') return otherWriter
    const { revision } = outcome
    this.#inForce = { ...next, revision, raw: revision.document, since: revision.time }
    this.#followTrial()
    this.#site.alarm([])
    const event = revision.trial === null ? 'configuration-applied' : 'configuration-on-trial'
    this.#site.note(event, revisionText(revision))
    return null
  }

  #stale(parent: number | undefined): ChangeRefusal | null {
    const { revision, raw } = this.#inForce
    if (parent === undefined || parent === (revision?.number ?? 0)) return null
    const theirs = this.#store.at(parent)
    const from = theirs.kind === 'revision' ? theirs.revision.document : {}
    const known = theirs.kind === 'revision' || parent === 0
    const differences = known ? difference(from, raw ?? {}).map(changeText) : []
    return { kind: 'stale', newest: revision && revisionInfo(revision), differences }
  }

  async #fallBack(author: string, why: string): Promise<RevisionInfo | ChangeRefusal> {
    const to = this.#store.trial?.fallBackTo
    const outcome = this.#store.fallBack({ author, time: new Date() }, why)
    if (outcome.kind === 'nothing-on-trial') return outcome
    if (outcome.kind === 'committed') {
      this.#site.note('configuration-fell-back', revisionText(outcome.revision))
      this.#site.alarm([])
      await this.#adopt(outcome.revision)
      return revisionInfo(outcome.revision)
    }
    const refusal = notEnded(outcome)
    this.#site.note('configuration-refused', `the trial could not be ended: ${refusal.why}`)
    this.#site.alarm([{ reason: 'trial-not-ended', message: refusal.why }])
    // Whatever the disk says: what nobody has confirmed is not to go on.
    const good = to === undefined ? null : this.#store.at(to)
    if (good?.kind === 'revision') await this.#adopt(good.revision)
    this.#wake(retryAfter)
    return refusal
  }

  /** A revision of the store comes into force, whatever there was. */
  async #adopt(revision: Revision): Promise<void> {
    const parsed = this.#parsed(revision.document)
    if (parsed.kind === 'refused') return this.#useStore()
    const { document } = parsed
    await this.#use(revision, document)
    this.#followTrial()
  }

  async #use(revision: Revision, document: Document): Promise<void> {
    const parts = partsOf(document, this.#inForce.parts)
    const { time: since } = revision
    const raw = migrated(revision.document).value
    this.#inForce = { revision, raw, document, parts, since }
    for (const why of await this.#site.give(parts)) this.#site.note('configuration-refused', why)
  }

  async #startFromStore(): Promise<void> {
    const { trial, newest, damage } = this.#store
    const { handWritten } = this.#site
    if (trial !== null && trialLeft(trial, thisMoment()) === 0) {
      await this.#fallBack(itself, 'nobody confirmed it in time, or before the box started again')
      return
    }
    if (newest !== null || damage.length > 0) return this.#useStore()
    if (handWritten !== null) await takeOverFile(handWritten, this.#core)
  }

  async #useStore(): Promise<void> {
    const { usable, refused } = newestUsable(this.#store)
    const number = usable?.revision.number ?? null
    const alarms = [
      ...this.#store.damage.map(each => damageAlarm(each, number)),
      ...refused.map(each => refusedAlarm(each, number)),
    ]
    this.#site.alarm(alarms)
    for (const { reason, message } of alarms) this.#site.note(reason, message)
    if (usable !== null) await this.#use(usable.revision, usable.document)
    this.#followTrial()
  }

  #refused(author: string, why: string): void {
    this.#site.note('configuration-refused', `a change of ${author}: ${why}`)
  }

  async #giveBack(parts: Parts): Promise<void> {
    for (const why of await this.#site.give(parts)) {
      this.#site.note('configuration-refused', `the one before again: ${why}`)
    }
  }

  #parsed(raw: unknown) {
    const { raw: before, document } = this.#inForce
    return document === null
      ? parseDocument(raw)
      : parseDocumentAfter({ raw: before, document }, raw)
  }

  #followTrial(): void {
    this.stop()
    const { trial } = this.#store
    if (trial !== null && this.#site.file === null) this.#wake(trialLeft(trial, thisMoment()))
  }

  #wake(wait: Duration): void {
    this.stop()
    this.#timer = setTimeout(() => this.#expire(), Math.ceil(wait))
  }

  #expire(): void {
    void this.#inTurn(async () => {
      const { trial } = this.#store
      if (trial === null) return
      if (trialLeft(trial, thisMoment()) > 0) this.#followTrial()
      else await this.#fallBack(itself, 'nobody confirmed it in time')
    })
  }

  #answer(
    outcome: ChangeAnswer['outcome'],
    about: Pick<ChangeAnswer, 'plan' | 'planText' | 'differences'>,
  ): ChangeAnswer {
    const { revision } = this.#inForce
    return {
      outcome,
      revision: revision && revisionInfo(revision),
      trial: this.#view.trial(),
      ...about,
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined).then(() => this.#site.turned())
    return done
  }
}
