/**
 * What waits to be sent, by channel. Pure. A channel that fails is tried again, later each time;
 * the order within a channel stays. What waits too long, or is too much, is let go and counted.
 */

import {
  after,
  between,
  type Duration,
  type Instant,
  instant,
  minutes,
  seconds,
} from '../values/duration.ts'
import type { Alert } from './alert.ts'

export type Waiting = { readonly alert: Alert; readonly since: Instant }

export type Line = {
  readonly waiting: readonly Waiting[]
  readonly sending: boolean
  /** In a row. */
  readonly failures: number
  readonly tryAt: Instant
  readonly lost: number
}

/** By the name of the channel. */
export type Outbox = ReadonlyMap<string, Line>

export type OutboxInput =
  | { readonly input: 'Channels'; readonly names: readonly string[]; readonly now: Instant }
  | {
      readonly input: 'Put'
      readonly channel: string
      readonly alert: Alert
      readonly now: Instant
    }
  | { readonly input: 'Sent'; readonly channel: string; readonly now: Instant }
  | { readonly input: 'Failed'; readonly channel: string; readonly now: Instant }
  | { readonly input: 'TimerDue'; readonly now: Instant }

export type Send = { readonly channel: string; readonly alert: Alert }

export type OutboxStep = { readonly outbox: Outbox; readonly send: readonly Send[] }

export const mostWaiting = 500
const giveUpAfter = minutes(24 * 60)
const firstWait = seconds(2)
const longestWait = minutes(5)

export function stepOutbox(outbox: Outbox, input: OutboxInput): OutboxStep {
  const lines = new Map(outbox)
  const { now } = input
  switch (input.input) {
    case 'Channels':
      for (const name of outbox.keys()) if (!input.names.includes(name)) lines.delete(name)
      for (const name of input.names) if (!lines.has(name)) lines.set(name, emptyLine(now))
      break
    case 'Put':
      change(lines, input.channel, line => put(line, { alert: input.alert, since: now }))
      break
    case 'Sent':
      change(lines, input.channel, line => {
        return { ...line, waiting: line.waiting.slice(1), sending: false, failures: 0, tryAt: now }
      })
      break
    case 'Failed':
      change(lines, input.channel, line => failed(line, now))
      break
    case 'TimerDue':
      break
  }
  const send: Send[] = []
  for (const [channel, line] of lines) {
    const [first] = line.waiting
    if (first === undefined || line.sending || now < line.tryAt) continue
    lines.set(channel, { ...line, sending: true })
    send.push({ channel, alert: first.alert })
  }
  return { outbox: lines, send }
}

export function outboxWakeAt(outbox: Outbox): Instant | null {
  const moments = [...outbox.values()]
    .filter(({ waiting, sending }) => waiting.length > 0 && !sending)
    .map(({ tryAt }) => tryAt)
  return moments.length === 0 ? null : instant(Math.min(...moments))
}

/** As it was read back: nothing is under way, and all is tried at once. */
export const emptyLine = (now: Instant): Line => {
  return { waiting: [], sending: false, failures: 0, tryAt: now, lost: 0 }
}

function change(lines: Map<string, Line>, name: string, to: (line: Line) => Line): void {
  const line = lines.get(name)
  if (line !== undefined) lines.set(name, to(line))
}

/** The oldest goes when it is too much, but for the one that is being sent. */
function put(line: Line, waiting: Waiting): Line {
  const all = [...line.waiting, waiting]
  if (all.length <= mostWaiting) return { ...line, waiting: all }
  all.splice(line.sending ? 1 : 0, 1)
  return { ...line, waiting: all, lost: line.lost + 1 }
}

function failed(line: Line, now: Instant): Line {
  const failures = line.failures + 1
  const waiting = line.waiting.filter(({ since }) => between(since, now) < giveUpAfter)
  return {
    waiting,
    sending: false,
    failures,
    tryAt: after(now, waitAfter(failures)),
    lost: line.lost + line.waiting.length - waiting.length,
  }
}

function waitAfter(failures: number): Duration {
  const wait = firstWait * 2 ** Math.min(failures - 1, 20)
  return wait < longestWait ? (wait as Duration) : longestWait
}
