/** What is done when the menu has no question left. */

import type { ControlMethod } from '../../linux/control-request.ts'
import type { Answers } from '../../terminal/interview.ts'
import * as lines from './answer-lines.ts'
import type { WrittenNetwork } from './facts.ts'
import { hostOf, type MenuFacts } from './facts.ts'
import { changedNetwork } from './network.ts'

export type MenuAction =
  | { readonly action: 'back' }
  | { readonly action: 'log-in'; readonly user: string; readonly password: string }
  | { readonly action: 'log-out' }
  | { readonly action: 'change-password'; readonly old: string; readonly new: string }
  | { readonly action: 'read-network' }
  | { readonly action: 'try-network'; readonly network: WrittenNetwork }
  | MenuRequest
  | { readonly action: 'say'; readonly lines: readonly string[] }
  | { readonly action: 'shell' }

/** An operation of the API. */
export type MenuRequest = {
  readonly action: 'ask'
  /** For people, while it lasts. */
  readonly what: string
  readonly method: ControlMethod
  readonly path: string
  readonly body?: unknown
  readonly shows: (answer: unknown) => readonly string[]
}

const back: MenuAction = { action: 'back' }

export function actionOf(answers: Answers, facts: MenuFacts): MenuAction {
  if (facts.person === null) {
    return { action: 'log-in', user: answers.user ?? '', password: answers.password ?? '' }
  }
  if (answers.sure === 'no') return back
  switch (answers.item) {
    case 'network':
      if (facts.network === null) return { action: 'read-network' }
      return { action: 'try-network', network: changedNetwork(answers, facts) }
    case 'pair':
      return ofPair(answers, zoneOf(facts))
    case 'maintenance':
      return maintenance(facts)
    case 'failover':
      return asks('Failing over', 'POST', 'failover', lines.failover)
    case 'tools':
      return tool(answers)
    case 'records':
      return record(answers.record ?? '', zoneOf(facts))
    case 'password':
      return { action: 'change-password', old: answers.old ?? '', new: answers.new ?? '' }
    case 'machine':
      return machine(answers, facts)
    default:
      return { action: 'log-out' }
  }
}

const asks = (
  what: string,
  method: ControlMethod,
  path: string,
  shows: MenuRequest['shows'],
  body?: unknown,
): MenuRequest => ({ action: 'ask', what, method, path: `/api/v1/${path}`, shows, body })

const zoneOf = ({ status }: MenuFacts): string => status?.time?.zone ?? 'UTC'

function ofPair({ pair, peer, code }: Answers, zone: string): MenuAction {
  switch (pair) {
    case 'code':
      return asks('Making a code', 'POST', 'pair/code', lines.code(zone))
    case 'join':
      return asks('Joining', 'POST', 'pair/join', lines.pair, { peer, code })
    case 'leave':
      return asks('Leaving the pair', 'DELETE', 'pair', lines.pair)
    default:
      return asks('Looking', 'GET', 'pair', lines.pair)
  }
}

function maintenance({ status }: MenuFacts): MenuAction {
  const isOn = status?.maintenance != null
  const what = isOn ? 'Back into service' : 'Out of service'
  return asks(what, isOn ? 'DELETE' : 'PUT', 'maintenance', lines.maintenance)
}

/** Adverts come once a second at the slowest usual pace; ARP may be quiet for long. */
const captureSeconds = 10

function tool({ tool: kind, to, port = '' }: Answers): MenuAction {
  if (kind === 'ping') {
    return asks(`Asking ${to}`, 'POST', 'diagnostics/ping', lines.ping, { address: to })
  }
  if (kind === 'blink') {
    const path = `ports/${encodeURIComponent(port)}/blink`
    return asks(`Blinking ${port}`, 'POST', path, lines.blink, { seconds: 15 })
  }
  const body = { port, kind, frames: kind === 'all' ? 100 : 18, seconds: captureSeconds }
  const what = `Listening on ${port}, ${captureSeconds} s at most`
  return asks(what, 'POST', 'diagnostics/capture', lines.capture, body)
}

function record(name: string, zone: string): MenuAction {
  if (name === 'events') return asks('Reading', 'GET', 'events', lines.events(zone))
  const path = `processes/${encodeURIComponent(name.replace('log ', ''))}/log`
  return asks('Reading', 'GET', path, lines.log(zone))
}

function machine(answers: Answers, facts: MenuFacts): MenuAction {
  switch (answers.machine) {
    case 'restart':
    case 'off':
      return asks('Asking', 'POST', 'power', lines.power, { action: answers.machine })
    case 'reset': {
      const { hostname } = answers
      return asks('Asking', 'POST', 'factory-reset', lines.reset, { hostname })
    }
    case 'from-peer':
      return asks('Asking the other box', 'POST', 'upgrade/peer', lines.fromPeer)
    case 'upgrade':
      return { action: 'say', lines: lines.upgrade(facts.status, hostOf(facts)) }
    default:
      return { action: 'shell' }
  }
}
