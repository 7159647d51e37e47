/** How often, how long, how many times: once for all checkers of a virtual server, if it can. */

import type { Check } from '../config/schema.ts'
import { secondsText } from './export-text.ts'

/** keepalived's keywords with their values, times in seconds; null: the kind has none. */
export type Pace = Readonly<Record<Keyword, string | null>>

const keywords = [
  'alpha',
  'delay_loop',
  'connect_timeout',
  'retry',
  'delay_before_retry',
  'warmup',
] as const

type Keyword = (typeof keywords)[number]

/** What a checker does when nothing is said to it or its virtual server. */
function usual(checker: string, pace: Pace): Pace {
  const retries: Readonly<Record<string, string>> = { DNS_CHECK: '3', MISC_CHECK: '0' }
  const times: Readonly<Record<string, string | null>> = {
    HTTP_GET: '3',
    SSL_GET: '3',
    DNS_CHECK: pace.delay_loop,
  }
  return {
    alpha: 'off',
    delay_loop: '60',
    connect_timeout: '5',
    retry: retries[checker] ?? '1',
    delay_before_retry: times[checker] ?? '1',
    warmup: pace.delay_loop,
  }
}

export type Checker = { readonly keyword: string; readonly pace: Pace }

const none: Pace = {
  alpha: null,
  delay_loop: null,
  connect_timeout: null,
  retry: null,
  delay_before_retry: null,
  warmup: null,
}

export function paceOf(checker: string, check: Check): Pace {
  const alpha = check.initially === 'down' ? 'on' : 'off'
  if (check.kind === 'bfd') return { ...none, alpha }
  const { interval, timeout, retryInterval, fall, warmUp } = check
  return {
    alpha,
    delay_loop: secondsText(interval),
    connect_timeout: checker === 'MISC_CHECK' ? null : secondsText(timeout),
    retry: String(fall - 1),
    delay_before_retry: secondsText(retryInterval),
    warmup: secondsText(warmUp),
  }
}

export type Shared = { readonly lines: readonly string[]; readonly said: ReadonlySet<string> }

/** What all checkers have alike stands in the virtual server. */
export function sharedPace(checkers: readonly Checker[]): Shared {
  const lines: string[] = []
  const said = new Set<string>()
  // A FILE_CHECK can say nothing itself: it has what is left to it.
  const talking = checkers.filter(({ keyword }) => keyword !== 'FILE_CHECK')
  for (const keyword of keywords) {
    const having = (talking.length > 0 ? talking : checkers).filter(
      ({ pace }) => pace[keyword] !== null,
    )
    const [first, ...others] = having
    if (first === undefined) continue
    const value = first.pace[keyword]
    if (others.some(({ pace }) => pace[keyword] !== value)) continue
    said.add(keyword)
    if (having.some(each => usual(each.keyword, each.pace)[keyword] !== value)) {
      lines.push(written(keyword, value))
    }
  }
  return { lines, said }
}

export function paceLines(
  { keyword: checker, pace }: Checker,
  { said }: Shared,
): readonly string[] {
  if (checker === 'FILE_CHECK') return []
  return keywords.flatMap(keyword => {
    const value = pace[keyword]
    if (value === null || said.has(keyword)) return []
    return usual(checker, pace)[keyword] === value ? [] : [written(keyword, value)]
  })
}

const written = (keyword: Keyword, value: string | null): string =>
  keyword === 'alpha' ? (value === 'on' ? 'alpha' : 'alpha off') : `${keyword} ${value}`
