/** What happens between a terminal and whoever sits at it, apart from the screen of the box. */

import type { KeyboardLayout } from '../config/console-schema.ts'
import { setupFrom } from '../setup/answers.ts'
import { keyboardFrom } from '../setup/keyboard-question.ts'
import { type SetupFacts, setupQuestions } from '../setup/questions.ts'
import type { Join, Setup } from '../setup/setup.ts'
import type { PairStatus } from '../status/pair-status.ts'
import {
  type Answers,
  answerNow,
  answersOf,
  facing,
  type Interview,
  isLetterOf,
  knowing,
  newInterview,
  stepInterview,
} from '../terminal/interview.ts'
import type { Note } from '../terminal/interview-screen.ts'
import type { Key } from '../terminal/keys.ts'
import { type Instant, seconds } from '../values/duration.ts'
import type { Summary } from './trial-summary.ts'
import { type OtherSoftware, versionsQuestion } from './versions-question.ts'

export type Dialog =
  /** The screen of the box. */
  | { readonly at: 'screen' }
  /** `note`: until the next key. */
  | { readonly at: 'interview'; readonly interview: Interview; readonly note?: Note }
  /** `what`: for people. Keys wait. */
  | { readonly at: 'working'; readonly what: string; readonly interview: Interview }
  /** The box goes back by itself then, unless Enter is pressed. */
  | {
      readonly at: 'trial'
      readonly until: Instant
      readonly summary: Summary
      readonly interview: Interview
    }
  /** The box is set up, and another one may join it with this code. */
  | {
      readonly at: 'code'
      readonly code: string
      readonly until: Instant
      readonly lines: readonly string[]
      /** The status says so too: what it says from then on is news. */
      readonly isSeen: boolean
    }
  /** The box could join, had it the software of the first one. */
  | {
      readonly at: 'versions'
      readonly other: OtherSoftware
      readonly choice: Interview
      readonly interview: Interview
    }
  /** Enter goes on: back to the interview where there is one, else to the screen. */
  | {
      readonly at: 'said'
      readonly tone: 'good' | 'warning'
      readonly lines: readonly string[]
      readonly interview: Interview | null
    }

export type DialogInput =
  | { readonly input: 'key'; readonly key: Key }
  /** The box has taken the setup, and waits for a word. */
  | { readonly input: 'on-trial'; readonly until: Instant; readonly summary: Summary }
  | {
      readonly input: 'code'
      readonly code: string
      readonly until: Instant
      readonly lines: readonly string[]
    }
  | { readonly input: 'versions'; readonly other: OtherSoftware }
  /** What the box was told before it restarted on its way into a pair. */
  | { readonly input: 'told-before'; readonly answers: Answers }
  /** Null: nothing need be said. */
  | { readonly input: 'noted'; readonly note: Note | null }
  | { readonly input: 'done'; readonly lines: readonly string[] }
  | { readonly input: 'refused'; readonly lines: readonly string[] }
  | { readonly input: 'went-back' }
  | { readonly input: 'time'; readonly now: Instant }

export type DialogEffect =
  | { readonly effect: 'set-up'; readonly setup: Setup }
  | { readonly effect: 'join'; readonly join: Join; readonly anyVersion: boolean }
  | { readonly effect: 'take-software' }
  | { readonly effect: 'blink'; readonly port: string }
  | { readonly effect: 'keyboard'; readonly layout: KeyboardLayout }
  /** A first box then shows a code to its second one. */
  | { readonly effect: 'confirm'; readonly isFirst: boolean }
  | { readonly effect: 'take-back' }

export type DialogWorld = {
  readonly facts: SetupFacts
  /** Whether somebody has a password: then the wizard has nothing to do. */
  readonly isSetUp: boolean
  /** Null before the supervisor has said anything. */
  readonly pair: PairStatus | null
}

export type DialogStep = { readonly dialog: Dialog; readonly effects: readonly DialogEffect[] }

/** Somebody answers for a second box. */
export const isJoining = (dialog: Dialog): boolean =>
  dialog.at === 'interview' && answersOf(dialog.interview).box === 'second'

const screen: Dialog = { at: 'screen' }

const only = (dialog: Dialog): DialogStep => ({ dialog, effects: [] })

export function stepDialog(dialog: Dialog, input: DialogInput, world: DialogWorld): DialogStep {
  switch (input.input) {
    case 'key':
      return pressed(dialog, input.key, world)
    case 'on-trial':
      return only({ ...input, at: 'trial', interview: begunBy(dialog) })
    case 'code':
      return only({ ...input, at: 'code', isSeen: false })
    case 'versions': {
      const choice = facing(newInterview, versionsQuestion(input.other))
      return only({ at: 'versions', other: input.other, choice, interview: begunBy(dialog) })
    }
    case 'told-before': {
      if (dialog.at !== 'interview') return only(dialog)
      const ask = setupQuestions(world.facts)
      return only({ ...dialog, interview: knowing(dialog.interview, input.answers, ask) })
    }
    case 'noted':
      // Whoever has left the wizard meanwhile has no use for it.
      if (dialog.at !== 'interview' || input.note === null) return only(dialog)
      return only({ ...dialog, note: input.note })
    case 'done':
      return only({ at: 'said', tone: 'good', lines: input.lines, interview: null })
    case 'refused':
      return only(warned(input.lines, begunBy(dialog)))
    case 'went-back':
      return only(warned(['The box is as it was before.'], begunBy(dialog)))
    case 'time':
      return only(later(dialog, input.now, world))
  }
}

const begunBy = (dialog: Dialog): Interview =>
  dialog.at === 'working' ? dialog.interview : newInterview

const warned = (lines: readonly string[], interview: Interview | null): Dialog => ({
  at: 'said',
  tone: 'warning',
  lines,
  interview,
})

/** What the status says may be older than what has just happened. */
const statusWithin = seconds(10)

function later(dialog: Dialog, now: Instant, { isSetUp, pair }: DialogWorld): Dialog {
  if (dialog.at === 'code') return pair === null ? dialog : awaited(dialog, now, pair)
  if (dialog.at === 'interview' && isSetUp) {
    const lines = ['Somebody sets this box up at another console, or has done so.']
    return warned([...lines, 'Nothing that was typed here counts.'], null)
  }
  if (dialog.at !== 'trial' || now < dialog.until) return dialog
  if (!isSetUp) {
    const lines = ['Nobody pressed Enter in time: the box is as it was before.']
    return warned(lines, dialog.interview)
  }
  if (now - dialog.until < statusWithin) return dialog
  return { at: 'said', tone: 'good', lines: ['It was kept from elsewhere.'], interview: null }
}

/** What has become of the code. */
function awaited(dialog: Extract<Dialog, { at: 'code' }>, now: Instant, pair: PairStatus): Dialog {
  const { state, peer, codeExpiresAt } = pair
  if (state === 'in-sync' && peer !== null) {
    const lines = [`${peer.name} has joined.`, 'Both boxes have the same configuration.']
    return { at: 'said', tone: 'good', lines, interview: null }
  }
  if (codeExpiresAt !== null) return { ...dialog, isSeen: true }
  if (state !== 'single' || (!dialog.isSeen && now < dialog.until)) return dialog
  const lines = [
    'The pairing code is worth nothing any more.',
    now < dialog.until
      ? 'Somebody has tried five wrong ones: "diarch events" says who.'
      : 'Its ten minutes are over.',
    'The menu of this console has "pair", which shows another one.',
  ]
  return warned(lines, null)
}

function pressed(dialog: Dialog, key: Key, world: DialogWorld): DialogStep {
  switch (dialog.at) {
    case 'screen':
      if (key.key !== 'enter' || world.isSetUp) return only(dialog)
      return only(begun(world))
    case 'interview':
      return answered(dialog.interview, key, world)
    case 'working':
      return only(dialog)
    case 'versions':
      return chosen(dialog, key, world)
    case 'trial':
      return judged(dialog.interview, dialog, key)
    case 'code':
      return only(key.key === 'enter' ? screen : dialog)
    case 'said': {
      if (key.key !== 'enter') return only(dialog)
      return only(dialog.interview === null ? screen : lastQuestion(dialog.interview, world))
    }
  }
}

/** What is done about the other software. */
function chosen(
  dialog: Extract<Dialog, { at: 'versions' }>,
  key: Key,
  world: DialogWorld,
): DialogStep {
  const { other, interview } = dialog
  if (key.key === 'escape') return only(lastQuestion(interview, world))
  const choice = stepInterview(dialog.choice, key, versionsQuestion(other))
  const name = other.offered?.from ?? 'the first box'
  switch (answersOf(choice).versions) {
    case undefined:
      return only({ ...dialog, choice })
    case 'take': {
      const what = `Taking the software of ${name}, to restart with it`
      return { dialog: working(what, interview), effects: [{ effect: 'take-software' }] }
    }
    case 'join': {
      const effect = { effect: 'join', join: other.join, anyVersion: true } as const
      return { dialog: working(`Joining ${name}`, interview), effects: [effect] }
    }
    default:
      return only(screen)
  }
}

/** Whether what is on trial is good. */
function judged(interview: Interview, dialog: Dialog, { key }: Key): DialogStep {
  switch (key) {
    case 'enter':
      return {
        dialog: working('Keeping it', interview),
        effects: [{ effect: 'confirm', isFirst: answersOf(interview).box === 'first' }],
      }
    case 'escape':
      return { dialog: working('Going back', interview), effects: [{ effect: 'take-back' }] }
    default:
      return only(dialog)
  }
}

const begun = ({ facts }: DialogWorld): Dialog => ({
  at: 'interview',
  interview: facing(newInterview, setupQuestions(facts)),
})

/** What was refused is mended where it was typed last. */
const lastQuestion = (interview: Interview, { facts }: DialogWorld): Dialog => ({
  at: 'interview',
  interview: stepInterview(interview, { key: 'escape' }, setupQuestions(facts)),
})

function answered(interview: Interview, key: Key, { facts }: DialogWorld): DialogStep {
  if (key.key === 'escape' && interview.given.length === 0) return only(screen)
  const ask = setupQuestions(facts)
  const asked = ask(answersOf(interview))
  if (asked !== null && isLetterOf(asked, key)) {
    const effect = { effect: 'blink', port: answerNow(interview, asked) } as const
    return { dialog: { at: 'interview', interview }, effects: [effect] }
  }
  const next = stepInterview(interview, key, ask)
  const answers = answersOf(next)
  if (ask(answers) !== null) {
    const effects = asked?.id === 'keyboard' ? typesOn(answers.keyboard, facts) : []
    return { dialog: { at: 'interview', interview: next }, effects }
  }
  const setup = setupFrom(answers, facts)
  const effect: DialogEffect =
    setup.box === 'second'
      ? { effect: 'join', join: setup, anyVersion: false }
      : { effect: 'set-up', setup }
  const what = setup.box === 'second' ? 'Joining the first box' : 'Setting up this box'
  return { dialog: working(what, next), effects: [effect] }
}

/** Whatever is typed from here on is typed on that one. */
function typesOn(answer: string | undefined, facts: SetupFacts): readonly DialogEffect[] {
  const layout = keyboardFrom(answer)
  if (layout === undefined || layout === facts.keyboard) return []
  return [{ effect: 'keyboard', layout }]
}

const working = (what: string, interview: Interview): Dialog => ({ at: 'working', what, interview })
