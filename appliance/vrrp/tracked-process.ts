/**
 * Which processes count for a tracker, and what their number makes of it.
 *
 * A process is known by three names, of which each may be the one that people mean: what the kernel
 * calls it (its first 15 bytes, and a process may change it), the file it was started from, and
 * the first of its arguments (which it may change as well: "nginx: master process").
 */

import { after, type Instant } from '../values/duration.ts'
import type { ProcessTracker } from './tracker-config.ts'

export type ProcessNames = {
  /** /proc/PID/comm */
  readonly called: string
  /** /proc/PID/exe; null when it cannot be read (another user's, or a thread of the kernel). */
  readonly file: string | null
}

/** TASK_COMM_LEN of linux/sched.h, without the zero. */
const commLength = 15

/** What can be said before the arguments are read: false is final. */
export function mayCount(
  { program }: Pick<ProcessTracker, 'program'>,
  names: ProcessNames,
): boolean {
  return names.called === program.slice(0, commLength) || lastPart(names.file) === program
}

/** `argv` is empty for threads of the kernel, and for zombies: those do not run any more. */
export function counts(
  tracker: Pick<ProcessTracker, 'program' | 'arguments'>,
  names: ProcessNames,
  argv: readonly string[],
): boolean {
  if (argv.length === 0 || !mayCount(tracker, names)) return false
  return isNamed(tracker.program, names, argv) && contains(argv.slice(1), tracker.arguments)
}

function isNamed(program: string, names: ProcessNames, argv: readonly string[]): boolean {
  if (program.length <= commLength || lastPart(names.file) === program) return true
  // The kernel knows the beginning only. Of a script the interpreter comes first.
  return argv.slice(0, 2).some(each => lastPart(each) === program)
}

/** A file that was replaced by an upgrade is still what runs. */
const lastPart = (path: string | null): string | undefined =>
  path
    ?.replace(/ \(deleted\)$/, '')
    .split('/')
    .at(-1)

/** All of them, in this order; others may stand between. */
function contains(all: readonly string[], wanted: readonly string[]): boolean {
  let next = 0
  for (const each of all) if (each === wanted[next]) next += 1
  return next >= wanted.length
}

export type ProcessCount = {
  readonly state: 'up' | 'down' | 'unknown'
  readonly why: string
  /** Since when the number is not right, while that is borne. */
  readonly wrongSince: Instant | null
}

export const firstCount: ProcessCount = {
  state: 'unknown',
  why: 'not looked for yet',
  wrongSince: null,
}

type Wanted = Pick<ProcessTracker, 'program' | 'least' | 'most' | 'patience'>

/** Up at once; down after `patience`, unless it has never been up. */
export function judgeCount(
  before: ProcessCount,
  number: number,
  wanted: Wanted,
  now: Instant,
): ProcessCount {
  const right = number >= wanted.least && (wanted.most === null || number <= wanted.most)
  const why = words(number, wanted)
  if (right) return { state: 'up', why, wrongSince: null }
  if (before.state !== 'up') return { state: 'down', why, wrongSince: null }
  const wrongSince = before.wrongSince ?? now
  if (now - wrongSince < wanted.patience) return { ...before, wrongSince }
  return { state: 'down', why, wrongSince: null }
}

/** When patience ends; null when nothing is being borne. */
export const countAgainAt = (
  { wrongSince }: ProcessCount,
  { patience }: Pick<ProcessTracker, 'patience'>,
): Instant | null => (wrongSince === null ? null : after(wrongSince, patience))

function words(number: number, { program, least, most }: Wanted): string {
  const found =
    number === 0
      ? `no process ${program}`
      : `${number} ${number === 1 ? 'process' : 'processes'} ${program}`
  if (number < least && least > 1) return `${found}, at least ${least} wanted`
  if (most !== null && number > most) return `${found}, at most ${most} wanted`
  return found
}
