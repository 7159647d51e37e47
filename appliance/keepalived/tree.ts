/** Where something stands in a keepalived configuration. */
export type Place = {
  /** As it was named: an included file by its own path. */
  readonly file: string
  readonly line: number
}

/**
 * One keyword with its words, and what stands in its braces. It is a place itself, and has none: a
 * large file has a hundred thousand of them.
 */
export type Entry = Place & {
  readonly keyword: string
  /** Without quotes; definitions are filled in. */
  readonly words: readonly string[]
  /** Null: it has no braces. */
  readonly block: readonly Entry[] | null
  /** Counted through all files of a parse, from 0. */
  readonly number: number
}

export const placeOfEntry = ({ file, line }: Entry): Place => ({ file, line })

/** Something to say about a line; nothing of a file is lost without one. */
export type ParseProblem = {
  /**
   * `lenient`: keepalived goes on without a word, and so do we unless asked to be strict. `unread`:
   * what comes behind it was not looked at, and half a file is none.
   */
  readonly severity: 'error' | 'lenient' | 'unread'
  readonly place: Place
  /** A stable token: `missing-brace`, `include-not-found`, `unknown-definition`. */
  readonly reason: string
  readonly text: string
}

/** A line that does its work without an entry: a definition, an include, one for another box. */
export type Aside = {
  readonly place: Place
  /** Why it does nothing here; empty when it did what it says. */
  readonly text: string
}

export type ParsedFile = {
  readonly entries: readonly Entry[]
  readonly asides: readonly Aside[]
  readonly problems: readonly ParseProblem[]
  /** Every file that was read, in order. */
  readonly files: readonly string[]
}

/** What the parser needs of the world. */
export type ParseSite = {
  /** Null: there is no such file. */
  readonly read: (path: string) => string | null
  /** The files that a glob pattern names, sorted; relative ones are below `folder`. */
  readonly glob: (pattern: string, folder: string) => readonly string[]
  readonly environment: (name: string) => string | null
  /** For `@id` conditionals (keepalived -i); null: none was given. */
  readonly configId: string | null
  /** How many lines it may become, definitions and sequences filled in. */
  readonly mostLines?: number
}
