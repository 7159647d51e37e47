/** What scripts can rely on. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  noSupervisor: 3,
  notOk: 4,
  /** It works, and somebody should look at what was said. */
  findings: 4,
  refused: 5,
} as const

/** The same table for `diarch --help`. */
export const exitCodesText = `
Exit codes:
  0  done
  1  refused or failed
  2  the command line is wrong
  3  no supervisor answers
  4  "status --exit-code": the box is not ok; "config diff --exit-code": something differs;
     "import", "check": some lines are not supported; "config export": something cannot be said
  5  "import", "check", "config", "user", "token", "reload", "run": the document is not valid`

/** Ends the program with words for people and a code for scripts. */
export class Failure extends Error {
  readonly code: number

  constructor(message: string, code: number = exitCode.failed) {
    super(message)
    this.code = code
  }
}
