import type {
  ChangeAnswer,
  ChangeRefusal,
  ChangeRequest,
  RevisionInfo,
  ShownConfiguration,
} from '../../api/configuration.ts'

/** What the operations on the configuration ask of the supervisor. An author is a `callerText`. */
export type ConfigurationControl = {
  readonly current: () => ShownConfiguration
  readonly at: (number: number) => ShownConfiguration | ChangeRefusal
  readonly history: () => {
    readonly revisions: readonly RevisionInfo[]
    /** `FILE: why it cannot be read`. */
    readonly damage: readonly string[]
  }
  readonly change: (request: ChangeRequest, author: string) => Promise<ChangeAnswer | ChangeRefusal>
  readonly confirm: (author: string) => Promise<RevisionInfo | ChangeRefusal>
  /** Ends a trial now. */
  readonly fallBack: (author: string) => Promise<RevisionInfo | ChangeRefusal>
  /** With its secrets, for whoever may have them: the document as it was written. */
  readonly withSecrets: () => unknown
}
