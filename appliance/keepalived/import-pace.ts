/** How often, how long, how many times: a checker has it from its server, that from its service. */

import { parseDuration } from '../config/duration-text.ts'
import type { Handler, Json, Site, Table } from './import-site.ts'
import { firstAlone, time, whole, wordOf, yes } from './import-words.ts'

/** Times in the words of the document. Undefined: nobody has said it. */
export type Pace = {
  interval?: string
  timeout?: string
  retryInterval?: string
  warmUp?: string
  retry?: number
  alpha?: boolean
  host?: string
}

export const isSamePace = (a: Pace, b: Pace): boolean =>
  a === b ||
  (a.interval === b.interval &&
    a.timeout === b.timeout &&
    a.retryInterval === b.retryInterval &&
    a.warmUp === b.warmUp &&
    a.retry === b.retry &&
    a.alpha === b.alpha &&
    a.host === b.host)

export type Paced = { readonly site: Site; readonly pace: Pace }

const paceTime =
  (
    key: 'interval' | 'timeout' | 'retryInterval' | 'warmUp',
    least: string,
    most: string,
  ): Handler<Paced> =>
  (entry, { site, pace }) => {
    const value = time(site, entry, wordOf(entry), [least, most])
    if (value !== null) pace[key] = value
    firstAlone(site, entry)
    return undefined
  }

const retry: Handler<Paced> = (entry, { site, pace }) => {
  const value = whole(site, entry, wordOf(entry), 0, 999)
  if (value === null) return undefined
  pace.retry = value
  const text = `"fall" of the check is ${value + 1}: the first failure counts too`
  site.notes.translated(entry, text)
  return undefined
}

export const paceTable: Table<Paced> = {
  delay_loop: paceTime('interval', '100ms', '24h'),
  connect_timeout: paceTime('timeout', '10ms', '1h'),
  delay_before_retry: paceTime('retryInterval', '10ms', '24h'),
  warmup: paceTime('warmUp', '0s', '1h'),
  retry,
  nb_get_retry: retry,
  alpha: (entry, { site, pace }) => {
    pace.alpha = yes(site, entry) ?? true
    return undefined
  },
  virtualhost: (entry, { pace }) => {
    pace.host = wordOf(entry)
    return undefined
  },
}

const hour = 3_600_000

/** What keepalived does without a word is another thing for some kinds. */
const retries: Readonly<Record<string, number>> = { DNS_CHECK: 3, MISC_CHECK: 0 }
const retryTimes: Readonly<Record<string, string>> = { HTTP_GET: '3s', SSL_GET: '3s' }

/** Each of our own defaults is another: all is written out. */
export function paceOf(keyword: string, pace: Pace): Json {
  const initially = pace.alpha === true ? 'down' : 'up'
  if (keyword === 'BFD_CHECK') return { initially }
  const interval = pace.interval ?? '1m'
  const timeout = pace.timeout ?? (keyword === 'MISC_CHECK' ? interval : '5s')
  const otherwise = keyword === 'DNS_CHECK' ? interval : (retryTimes[keyword] ?? '1s')
  return {
    interval,
    timeout: atMostHour(timeout),
    retryInterval: pace.retryInterval ?? otherwise,
    fall: (pace.retry ?? retries[keyword] ?? 1) + 1,
    warmUp: atMostHour(pace.warmUp ?? interval),
    initially,
  }
}

/** A random part of an hour is scattered enough, and no answer takes longer. */
const atMostHour = (text: string): string => ((parseDuration(text) ?? 0) > hour ? '1h' : text)
