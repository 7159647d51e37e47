import type { AlarmText } from '../../boot/alarm-text.ts'
import type { Parsed } from '../../config/document.ts'
import type { Parts } from '../../config/parts.ts'
import type { Change, Store } from '../../store/store.ts'
import type { Share, SharedChange } from './peer.ts'
import type { InForce } from './view.ts'

export type ConfigurationSite = {
  readonly stateDir: string
  /** What `--config` names: changed by whoever edits it, and read again when asked to. */
  readonly file: string | null
  /** Becomes the first revision where there is none. */
  readonly handWritten: string | null
  /** To the processes; why not, if they do not take it. */
  readonly give: (parts: Parts) => Promise<readonly string[]>
  /** No password is to be written as somebody has typed it. */
  readonly sealed: (document: unknown, before: unknown) => Promise<unknown>
  readonly note: (event: string, text: string) => void
  readonly alarm: (alarms: readonly AlarmText[]) => void
  /** The paired box has a say in what becomes of the cluster's half. */
  readonly share: Share
  /** Somebody has ended the trial of this half: it goes on nowhere else. */
  readonly trialEnded: (cluster: SharedChange['cluster']) => void
  /** After each of the changes, which pass one after the other, whatever became of it. */
  readonly turned: () => void
}

/** What the sources of a configuration have in common: operators, a file, the paired box. */
export type ConfigurationCore = {
  readonly site: ConfigurationSite
  readonly store: Store
  readonly inForce: () => InForce
  readonly setInForce: (next: InForce) => void
  readonly parsed: (raw: unknown) => Parsed
  readonly giveBack: (parts: Parts) => Promise<void>
  /** To the disk. Gives why not. */
  readonly commit: (change: Change, next: Pick<InForce, 'document' | 'parts'>) => string | null
  /** What is on trial stays. Gives why not. */
  readonly confirm: (author: string) => Promise<string | null>
}
