import type {
  ChangeAnswer,
  ChangeRefusal,
  ChangeRequest,
  RevisionInfo,
  ShownConfiguration,
} from '../../api/configuration.ts'

/** Whether the author may still do what he has asked for: looked at when it is his turn. */
export type Stands = () => boolean

/** As the log calls him, and whether he is still who he was. */
export type Author = readonly [text: string, stands: Stands]

/** What the operations on the configuration ask of the supervisor. An author is a `callerText`. */
export type ConfigurationControl = {
  readonly current: () => ShownConfiguration
  readonly at: (number: number) => ShownConfiguration | ChangeRefusal
  readonly history: () => {
    readonly revisions: readonly RevisionInfo[]
    /** `FILE: why it cannot be read`. */
    readonly damage: readonly string[]
  }
  readonly change: (
    request: ChangeRequest,
    author: string,
    stands?: Stands,
  ) => Promise<ChangeAnswer | ChangeRefusal>
  readonly confirm: (author: string, stands?: Stands) => Promise<RevisionInfo | ChangeRefusal>
  /** Ends a trial now. */
  readonly fallBack: (author: string, stands?: Stands) => Promise<RevisionInfo | ChangeRefusal>
  /** With its secrets, for whoever may have them: the document as it was written. */
  readonly withSecrets: () => unknown
}
