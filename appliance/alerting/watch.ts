/**
 * Makes of alarms and events what people are told: pure, time is an input.
 *
 * An alarm is told when it has stood for `hold`, and its end when it has been away as long: what
 * comes and goes in between is no news. All alarms of one reason are one alert, so that a cable
 * that takes a hundred services down is one message. Events are gathered for a moment, by topic.
 */

import { isAdvisory } from '../status/advisory.ts'
import {
  after,
  between,
  type Duration,
  type Instant,
  instant,
  minutes,
  seconds,
} from '../values/duration.ts'
import type { Told, Topic } from './alert.ts'

export type AlarmSeen = { readonly reason: string; readonly message: string }
export type Happening = {
  readonly topic: Topic
  readonly event: string
  readonly about: string
  readonly text: string
}

export type WatchRules = {
  readonly hold: Duration
  /** An alarm that still stands is told again so long after the last time; null: never. */
  readonly remind: Duration | null
}

type Standing = {
  readonly since: Instant
  readonly lines: readonly string[]
  /** As they were told last, and when; null: not yet. */
  readonly told: { readonly at: Instant; readonly lines: readonly string[] } | null
  /** Since when it is away; null: it stands. */
  readonly goneAt: Instant | null
}

export type WatchState = {
  readonly alarms: ReadonlyMap<string, Standing>
  readonly happened: readonly Happening[]
  readonly tellAt: Instant | null
}

export type WatchInput =
  | { readonly input: 'AlarmsSeen'; readonly alarms: readonly AlarmSeen[]; readonly now: Instant }
  | { readonly input: 'Happened'; readonly events: readonly Happening[]; readonly now: Instant }
  | { readonly input: 'TimerDue'; readonly now: Instant }

export type WatchStep = { readonly state: WatchState; readonly told: readonly Told[] }

export const quiet: WatchState = { alarms: new Map(), happened: [], tellAt: null }

const gather = seconds(2)
/** One alarm's changing words are told at most so often. */
const again = minutes(5)
/** `diarch status` has the whole words. */
const [mostLines, longestLine] = [20, 4000]

export function watch(state: WatchState, input: WatchInput, rules: WatchRules): WatchStep {
  const { now } = input
  let { alarms, happened, tellAt } = state
  if (input.input === 'AlarmsSeen') alarms = seen(alarms, input.alarms, now)
  if (input.input === 'Happened' && input.events.length > 0) {
    happened = [...happened, ...input.events]
    tellAt ??= after(now, gather)
  }
  const told: Told[] = []
  const next = new Map<string, Standing>()
  for (const [reason, standing] of alarms) {
    const { alert, kept } = judged(reason, standing, now, rules)
    if (alert !== null) told.push(alert)
    if (kept !== null) next.set(reason, kept)
  }
  if (tellAt !== null && now >= tellAt) {
    told.push(...gathered(happened))
    happened = []
    tellAt = null
  }
  return { state: { alarms: next, happened, tellAt }, told }
}

/** When the state wants `TimerDue`; null: only an input can move it. */
export function watchWakeAt(state: WatchState, rules: WatchRules): Instant | null {
  const moments = [...state.alarms].flatMap(([reason, each]) => dueAt(reason, each, rules) ?? [])
  if (state.tellAt !== null) moments.push(state.tellAt)
  return moments.length === 0 ? null : instant(Math.min(...moments))
}

function seen(
  before: ReadonlyMap<string, Standing>,
  alarms: readonly AlarmSeen[],
  now: Instant,
): ReadonlyMap<string, Standing> {
  const next = new Map<string, Standing>()
  for (const [reason, all] of Map.groupBy(alarms, alarm => alarm.reason)) {
    const known = before.get(reason)
    const lines = all.map(({ message }) => message)
    next.set(reason, { since: now, told: null, ...known, lines, goneAt: null })
  }
  for (const [reason, standing] of before) {
    if (!next.has(reason)) next.set(reason, { ...standing, goneAt: standing.goneAt ?? now })
  }
  return next
}

type Judged = { readonly alert: Told | null; readonly kept: Standing | null }

function judged(reason: string, standing: Standing, now: Instant, rules: WatchRules): Judged {
  const { told, goneAt } = standing
  const due = dueAt(reason, standing, rules)
  if (goneAt !== null && told === null) return { alert: null, kept: null }
  if (due === null || now < due) return { alert: null, kept: standing }
  const alert = { topic: 'alarms', subject: reason, lines: shortened(standing.lines) } as const
  if (goneAt !== null) return { alert: { ...alert, state: 'ends' }, kept: null }
  const kept = { ...standing, told: { at: now, lines: standing.lines } }
  return { alert: { ...alert, state: told === null ? 'begins' : 'goes on' }, kept }
}

/** When there is something to say of an alarm, as it is. */
function dueAt(reason: string, standing: Standing, rules: WatchRules): Instant | null {
  const { since, lines, told, goneAt } = standing
  if (goneAt !== null) return after(goneAt, rules.hold)
  if (told === null) return after(since, rules.hold)
  const silent = rules.remind === null || isAdvisory(reason)
  const reminder = silent ? null : after(told.at, rules.remind)
  if (sameLines(lines, told.lines)) return reminder
  const change = after(told.at, again)
  return reminder !== null && between(reminder, change) > 0 ? reminder : change
}

function gathered(happened: readonly Happening[]): Told[] {
  return [...Map.groupBy(happened, ({ topic }) => topic)].map(([topic, events]) => {
    const [name = topic, ...others] = new Set(events.map(({ event }) => event))
    const subject = others.length === 0 ? name : topic
    const lines = shortened(events.map(({ about, event, text }) => `${about}: ${event}: ${text}`))
    return { topic, state: 'happened', subject, lines }
  })
}

function shortened(lines: readonly string[]): readonly string[] {
  const short = lines.slice(0, mostLines).map(line => line.slice(0, longestLine))
  return lines.length <= mostLines ? short : [...short, `and ${lines.length - mostLines} more`]
}

const sameLines = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line, index) => line === b[index])
