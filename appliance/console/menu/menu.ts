/** The menu of a box that is set up: a login, lists, questions, and what comes of them. Pure. */

import type { Status } from '../../status/document.ts'
import {
  type Ask,
  answersOf,
  facing,
  type Interview,
  newInterview,
  stepInterview,
} from '../../terminal/interview.ts'
import type { Key } from '../../terminal/keys.ts'
import { printable, wrap } from '../../terminal/screen-line.ts'
import { between, type Instant, minutes } from '../../values/duration.ts'
import { actionOf, type MenuAction } from './action.ts'
import type { MenuFacts, Person, WrittenNetwork } from './facts.ts'
import { lists, menuQuestions } from './questions.ts'

export type Menu =
  /** The screen of the box. */
  | { readonly at: 'closed' }
  | (Open & { readonly at: 'asking' })
  /** Keys wait. */
  | (Open & { readonly at: 'working'; readonly what: string })
  /** The box goes back by itself then, unless Enter is pressed. */
  | (Open & { readonly at: 'trial'; readonly until: Instant })
  | (Open & {
      readonly at: 'said'
      readonly tone: 'good' | 'warning'
      readonly lines: readonly string[]
      /** The first line that is shown. */
      readonly top: number
      /** Where Enter leads: to what was typed last, or to the last list. */
      readonly next: 'mend' | 'list'
    })
  /** A shell has the terminal. */
  | (Open & { readonly at: 'shell' })

type Open = {
  readonly person: Person | null
  readonly interview: Interview
  /** Of the configuration; null: it was not asked for. */
  readonly network: WrittenNetwork | null
  /** When a key was pressed last. */
  readonly touched: Instant
}

export type MenuInput =
  | { readonly input: 'key'; readonly key: Key; readonly now: Instant }
  | { readonly input: 'time'; readonly now: Instant }
  | MenuOutcome

/** What became of an effect. */
export type MenuOutcome =
  | { readonly input: 'logged-in'; readonly person: Person }
  | { readonly input: 'network'; readonly network: WrittenNetwork }
  | { readonly input: 'on-trial'; readonly until: Instant }
  | { readonly input: 'said'; readonly lines: readonly string[] }
  | { readonly input: 'refused'; readonly lines: readonly string[] }
  /** It was idle elsewhere for too long, or the user is not what he was. */
  | { readonly input: 'session-ended' }
  | { readonly input: 'shell-ended' }

export type MenuEffect =
  | Exclude<MenuAction, { readonly action: 'back' | 'say' }>
  | { readonly action: 'confirm' | 'take-back' }

export type MenuStep = { readonly menu: Menu; readonly effects: readonly MenuEffect[] }

export const closed: Menu = { at: 'closed' }

/** Somebody has left, and the menu is open to whoever comes by. */
export const idleLimit = minutes(5)

const only = (menu: Menu): MenuStep => ({ menu, effects: [] })

export function stepMenu(menu: Menu, input: MenuInput, status: Status | null): MenuStep {
  if (menu.at === 'closed') {
    const opens = input.input === 'key' && ['enter', 'f2'].includes(input.key.key)
    return only(opens ? openedMenu(input.now, status) : menu)
  }
  switch (input.input) {
    case 'key':
      return pressed({ ...menu, touched: input.now }, input.key, status)
    case 'time':
      return later(menu, input.now)
    case 'logged-in':
      return only(asking({ ...menu, person: input.person, interview: newInterview }, status))
    case 'network':
      return only(asking({ ...menu, network: input.network }, status))
    case 'on-trial':
      return only({ ...menu, at: 'trial', until: input.until })
    case 'said':
      return only(saying(menu, 'good', input.lines, 'list'))
    case 'refused':
      return only(saying(menu, 'warning', input.lines, 'mend'))
    case 'session-ended': {
      const nobody = { ...menu, person: null, interview: newInterview }
      return only(saying(nobody, 'warning', ['Your session has ended: log in again.'], 'list'))
    }
    case 'shell-ended':
      return only(toList(menu, status))
  }
}

const openedMenu = (now: Instant, status: Status | null): Menu =>
  asking({ person: null, interview: newInterview, network: null, touched: now }, status)

const factsOf = ({ person, network }: Open, status: Status | null): MenuFacts => ({
  status,
  person,
  network,
})

export const questionsOf = (menu: Open, status: Status | null): Ask =>
  menuQuestions(factsOf(menu, status))

const asking = (menu: Open, status: Status | null): Menu => ({
  ...open(menu),
  at: 'asking',
  interview: facing(menu.interview, questionsOf(menu, status)),
})

const open = ({ person, interview, network, touched }: Open): Open => ({
  person,
  interview,
  network,
  touched,
})

/** As wide as the narrowest terminal: how many lines there are must not depend on it. */
const textWidth = 78

const saying = (
  menu: Open,
  tone: 'good' | 'warning',
  lines: readonly string[],
  next: 'mend' | 'list',
): Menu => {
  const wrapped = lines.flatMap(fitted)
  // What is newest stands last, as in a log.
  return { ...open(menu), at: 'said', tone, lines: wrapped, top: lastTop(wrapped), next }
}

/** What fits stays as it is: columns in a log are not to move. */
const fitted = (text: string): readonly string[] =>
  text.length <= textWidth ? [printable(text)] : wrap(text, textWidth)

/** What a screen of 24 lines has room for. */
export const page = 19

const lastTop = (lines: readonly string[]): number => Math.max(0, lines.length - page)

function later(menu: Exclude<Menu, { at: 'closed' }>, now: Instant): MenuStep {
  if (menu.at === 'trial' && now >= menu.until) {
    const lines = ['Nobody pressed Enter in time: the network is as it was before.']
    return only(saying(menu, 'warning', lines, 'mend'))
  }
  const isIdle = menu.at === 'asking' || menu.at === 'said'
  if (!isIdle || between(menu.touched, now) < idleLimit) return only(menu)
  return leave(menu)
}

const leave = ({ person }: Open): MenuStep => ({
  menu: closed,
  effects: person === null ? [] : [{ action: 'log-out' }],
})

function pressed(menu: Exclude<Menu, { at: 'closed' }>, key: Key, status: Status | null): MenuStep {
  switch (menu.at) {
    case 'asking':
      return answered(menu, key, status)
    case 'working':
    case 'shell':
      return only(menu)
    case 'trial':
      return judged(menu, key)
    case 'said':
      return only(read(menu, key, status))
  }
}

function answered(menu: Open & { at: 'asking' }, key: Key, status: Status | null): MenuStep {
  if (key.key === 'escape' && menu.interview.given.length === 0) return leave(menu)
  const facts = factsOf(menu, status)
  const ask = menuQuestions(facts)
  const interview = stepInterview(menu.interview, key, ask)
  const answers = answersOf(interview)
  const next = { ...menu, interview }
  if (ask(answers) !== null) return only(next)
  const action = actionOf(answers, facts)
  switch (action.action) {
    case 'back':
      return only(toList(next, status))
    case 'say':
      return only(saying(next, 'good', action.lines, 'list'))
    case 'log-out':
      return leave(next)
    case 'shell':
      return { menu: { ...open(next), at: 'shell' }, effects: [action] }
    default:
      return { menu: working(next, words(action)), effects: [action] }
  }
}

const working = (menu: Open, what: string): Menu => ({ ...open(menu), at: 'working', what })

function words(action: MenuAction): string {
  switch (action.action) {
    case 'ask':
      return action.what
    case 'log-in':
      return 'Looking at the password'
    case 'try-network':
      return 'Changing the network'
    default:
      return 'At work'
  }
}

/** Whether what is on trial is good. */
function judged(menu: Extract<Menu, { at: 'trial' }>, { key }: Key): MenuStep {
  switch (key) {
    case 'enter':
      return { menu: working(menu, 'Keeping it'), effects: [{ action: 'confirm' }] }
    case 'escape':
      return { menu: working(menu, 'Going back'), effects: [{ action: 'take-back' }] }
    default:
      return only(menu)
  }
}

const steps: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  'page-up': -page,
  'page-down': page,
}

function read(menu: Extract<Menu, { at: 'said' }>, { key }: Key, status: Status | null): Menu {
  if (key !== 'enter' && key !== 'escape') {
    const top = Math.max(0, Math.min(lastTop(menu.lines), menu.top + (steps[key] ?? 0)))
    return { ...menu, top }
  }
  return menu.next === 'list' ? toList(menu, status) : mend(menu, status)
}

/** What was refused is mended where it was typed last. */
const mend = (menu: Open, status: Status | null): Menu => ({
  ...open(menu),
  at: 'asking',
  interview: stepInterview(menu.interview, { key: 'escape' }, questionsOf(menu, status)),
})

/** The last list, at what was chosen there. */
function toList(menu: Open, status: Status | null): Menu {
  const { given } = menu.interview
  const at = given.findLastIndex(({ id }) => lists.has(id))
  const chosen = given[at]
  const earlier = chosen === undefined ? {} : { [chosen.id]: chosen.answer }
  const interview = { ...newInterview, given: given.slice(0, Math.max(0, at)), earlier }
  return asking({ ...menu, interview, network: null }, status)
}
