/** What scripts can rely on; the same table stands in `diarch --help`. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  noSupervisor: 3,
  notOk: 4,
} as const

/** Ends the program with words for people and a code for scripts. */
export class Failure extends Error {
  readonly code: number

  constructor(message: string, code: number = exitCode.failed) {
    super(message)
    this.code = code
  }
}
