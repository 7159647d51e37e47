/** What happens between a terminal and whoever sits at it, apart from the screen of the box. */

import { setupFrom } from '../setup/answers.ts'
import { type SetupFacts, setupQuestions } from '../setup/questions.ts'
import type { Join, Setup } from '../setup/setup.ts'
import {
  answersOf,
  facing,
  type Interview,
  newInterview,
  stepInterview,
} from '../terminal/interview.ts'
import type { Key } from '../terminal/keys.ts'
import type { Instant } from '../values/duration.ts'

export type Dialog =
  /** The screen of the box. */
  | { readonly at: 'screen' }
  | { readonly at: 'interview'; readonly interview: Interview }
  /** `what`: for people. Keys wait. */
  | { readonly at: 'working'; readonly what: string; readonly interview: Interview }
  /** The box goes back by itself then, unless Enter is pressed. */
  | { readonly at: 'trial'; readonly until: Instant; readonly lines: readonly string[] }
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
  | { readonly input: 'on-trial'; readonly until: Instant; readonly lines: readonly string[] }
  | { readonly input: 'done'; readonly lines: readonly string[] }
  | { readonly input: 'refused'; readonly lines: readonly string[] }
  | { readonly input: 'time'; readonly now: Instant }

export type DialogEffect =
  | { readonly effect: 'set-up'; readonly setup: Setup }
  | { readonly effect: 'join'; readonly join: Join }
  | { readonly effect: 'confirm' }

export type DialogWorld = {
  readonly facts: SetupFacts
  /** Whether somebody has a password: then the wizard has nothing to do. */
  readonly isSetUp: boolean
}

export type DialogStep = { readonly dialog: Dialog; readonly effects: readonly DialogEffect[] }

const screen: Dialog = { at: 'screen' }

const only = (dialog: Dialog): DialogStep => ({ dialog, effects: [] })

export function stepDialog(dialog: Dialog, input: DialogInput, world: DialogWorld): DialogStep {
  switch (input.input) {
    case 'key':
      return pressed(dialog, input.key, world)
    case 'on-trial':
      return only({ at: 'trial', until: input.until, lines: input.lines })
    case 'done':
      return only({ at: 'said', tone: 'good', lines: input.lines, interview: null })
    case 'refused': {
      const interview = dialog.at === 'working' ? dialog.interview : null
      return only({ at: 'said', tone: 'warning', lines: input.lines, interview })
    }
    case 'time': {
      if (dialog.at !== 'trial' || input.now < dialog.until) return only(dialog)
      const lines = ['Nobody pressed Enter in time: the box is as it was before.']
      return only({ at: 'said', tone: 'warning', lines, interview: null })
    }
  }
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
    case 'trial':
      if (key.key !== 'enter') return only(dialog)
      return {
        dialog: { ...working('Keeping it', newInterview) },
        effects: [{ effect: 'confirm' }],
      }
    case 'said': {
      if (key.key !== 'enter') return only(dialog)
      return only(dialog.interview === null ? screen : lastQuestion(dialog.interview, world))
    }
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
  const next = stepInterview(interview, key, ask)
  const answers = answersOf(next)
  if (ask(answers) !== null) return only({ at: 'interview', interview: next })
  const setup = setupFrom(answers, facts)
  const effect: DialogEffect =
    setup.box === 'second' ? { effect: 'join', join: setup } : { effect: 'set-up', setup }
  const what = setup.box === 'second' ? 'Joining the first box' : 'Setting up this box'
  return { dialog: working(what, next), effects: [effect] }
}

const working = (what: string, interview: Interview): Dialog => ({ at: 'working', what, interview })
