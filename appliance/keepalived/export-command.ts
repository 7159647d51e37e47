/** Programs: keepalived starts them as they are too, and cuts their line into words itself. */

import { durationText } from '../config/duration-text.ts'
import type { Path } from '../config/path.ts'
import type { Duration } from '../values/duration.ts'
import type { Lacks } from './export-finding.ts'
import { quoted } from './export-text.ts'

/** In one pair of quotes, with those of its arguments that need some in others. */
export function commandText([program, ...others]: readonly [string, ...string[]]): string {
  return quoted([program, ...others].map(argument).join(' '))
}

const argument = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/[\\']/g, '\\$&')}'`

export type Hook = {
  readonly command: readonly [string, ...string[]]
  readonly user: string | null
  readonly timeout: Duration
}

/** `notify_master "/x a" nobody` */
export const hookLines = (
  keyword: string,
  { command, user, timeout }: Hook,
  path: Path,
  lacks: Lacks,
): readonly string[] => [
  `${keyword} ${commandText(command)}${user === null ? '' : ` ${user}`}`,
  ...lacks.sayIf(
    timeout !== 30_000,
    [...path, 'timeout'],
    `keepalived waits for ever, not ${durationText(timeout)}: start it with timeout(1)`,
  ),
]
