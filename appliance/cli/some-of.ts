import { type Command, InvalidArgumentError } from 'commander'
import { parseDuration } from '../config/duration-text.ts'

/** Which of a list of things that happened are wanted; all of them when nothing is said. */
export type SomeOptions = {
  readonly about?: string
  readonly since?: Moment
  readonly last?: number
}

type Moment = (now: number) => number

export const withSomeOptions = (command: Command, about: string): Command =>
  command
    .option('--about <name>', about)
    .option('--since <time>', 'as 90s, 10m, 2h ago, or 2026-11-22 13:00 (UTC)', moment)
    .option('--last <number>', 'only so many', count)

/** They are in order, the last one last. */
export function someOf<T>(
  all: readonly T[],
  { about, since, last }: SomeOptions,
  { at, isAbout }: { readonly at: (each: T) => string; isAbout(each: T, name: string): boolean },
  now: number,
): readonly T[] {
  const from = since?.(now) ?? Number.NEGATIVE_INFINITY
  const some = all.filter(
    each => Date.parse(at(each)) >= from && (about === undefined || isAbout(each, about)),
  )
  return last === undefined ? some : some.slice(Math.max(0, some.length - last))
}

export function moment(text: string): Moment {
  const ago = parseDuration(text)
  if (ago !== null) return now => now - ago
  const [, day, time] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z?)?$/.exec(text) ?? []
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time ?? '00:00'}Z`)
  if (!Number.isNaN(at)) return () => at
  throw new InvalidArgumentError('Expected a time such as 10m, 2h, or 2026-11-22 13:00 in UTC.')
}

function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number from 1.')
}
